"""Golden vectors of the analyser: sentences of each language and the units that Python makes of them, once.

`python -m tests.search.golden` writes them again after a change of the analyser that is meant; both must then agree.
"""

from __future__ import annotations

import json
from pathlib import Path

from hcgen.search.analyse import Analyser, Unit
from hcgen.search.languages import language

FOLDER = Path(__file__).parent / "golden"
# In every language: codes, products, marks, invisible characters, scripts side by side, and what nobody would type.
COMMON = [
    "E-1042 0x80070005 AADSTS50011 KB5004237 v2.1.3 USB-C Wi-Fi e-mail C++ C# .NET 3.5",
    "OneDrive for Business, Microsoft 365; user@example.com https://docs.example.com/a-b_c?d=1",
    "Ca\u0301fe na\u00efve \u212bngstr\u00f6m \ufb01le \uff21\uff22\uff23 \u2460 \u00bd x\u00b2 so\u00adft\u200bhyphen",
    "İstanbul Iı ΑΣΣΟΣ ÆØÅ Łódź straße STRASSE ẞ",
    "\U0001f600 \ud800 \udfff <b>bold</b> (a+)+$ -- __proto__ constructor \u202eabc",
    "l'ami l\u2019ami don't users' 'quoted' rock'n'roll a.b.c 1,234.56 -x- _y_",
    "サーバー server 서버 服务器 сервер เซิร์ฟ सर्वर",
    "a" * 50 + " " + "\uac00" * 50 + " " + "\u6f22" * 5,
]
TEXTS = {
    "en": [
        "How do I reset the passwords of my users?",
        "Refunding, refunded and refunds: cancel a payment within 30 days.",
        "The printer is not printing receipts properly",
        "Organizations' administrators can verify identities",
        "Happily running businesses, cities and companies",
    ],
    "de": [
        "Wie setze ich das Kennwort meiner Benutzer zurück?",
        "Kennwortrichtlinien, Bestellbestätigungen und Rechnungsadressen ändern",
        "Größe, Straße, Maß und Füße: groesse strasse mass fuesse",
        "Löschen, gelöscht, loeschen, loschen; neue Quellen aktuell",
        "Die Zahlungsmethoden der Geschäftskunden wurden übertragen",
    ],
    "fr": [
        "Comment réinitialiser les mots de passe des utilisateurs ?",
        "L’autorité d’administration, l'activité et les paramètres désactivés",
        "Annuler, annulation, annulées : qu’est-ce qu'un remboursement ?",
        "Cœur, œuvre, ça, être, naïve, aiguë",
        "Les clients professionnels ont configuré leurs réseaux",
    ],
    "es": [
        "¿Cómo restablezco las contraseñas de mis usuarios?",
        "Configuración, configurando, configurados: telemetría y compañía",
        "Devolución de un pago; devoluciones y reembolsos",
        "Añadir señal, pingüino, años",
        "Informes electrónicos rápidos para los proveedores",
    ],
    "it": [
        "Come reimposto le password dei miei utenti?",
        "Rimborsare, rimborsato e rimborsi: annullare un pagamento",
        "L'impostazione dell’account è già attività così",
        "Le stampanti non stampano più gli scontrini",
        "Amministrazioni, amministratore, amministrare",
    ],
    "pt": [
        "Como redefinir as senhas dos meus usuários?",
        "Configuração, configurações, configurando: ação e informações",
        "Devolução, reembolsos e cancelamentos",
        "À água não há pão: coração, três",
        "Os administradores verificaram as permissões",
    ],
    "nl": [
        "Hoe stel ik de wachtwoorden van mijn gebruikers opnieuw in?",
        "Licentiebeheer, abonnementen opzeggen, facturering per e-mail",
        "Financiële, geïnstalleerd, coöperatie, zeeën",
        "Betalingen terugbetalen aan zakelijke klanten",
        "Gebruikersnamen en wachtwoordbeleid wijzigen",
    ],
    "sv": [
        "Hur återställer jag användarnas lösenord?",
        "Lösenordspolicyn och betalningsmetoderna ändras",
        "Räkningar, räkningen, raekningar, aaterstaella",
        "Företagets öppettider är olika",
        "Skrivaren skriver inte ut kvitton",
    ],
    "da": [
        "Hvordan nulstiller jeg brugernes adgangskoder?",
        "Betalingsmetoder, betalingsmetoden og kørsel",
        "Hjælp, hjaelp, køb, koeb, åbning, aabning",
        "Regnskabsafdelingen sender fakturaer",
        "Printeren udskriver ikke kvitteringer",
    ],
    "nb": [
        "Hvordan tilbakestiller jeg passordene til brukerne?",
        "Betalingsmåter, betalingsmåten og kjøring",
        "Hjelp, kjøp, kjoep, åpningstider, aapningstider",
        "Regnskapsavdelingen sender fakturaer",
        "Skriveren skriver ikke ut kvitteringer",
    ],
    "fi": [
        "Miten palautan käyttäjien salasanat?",
        "Salasanakäytännöt, maksutapojen ja tilausvahvistuksen muuttaminen",
        "Käyttäjä, käyttäjän, käyttäjille, kaeyttaejae",
        "Yrityksen aukioloajat vaihtelevat",
        "Tulostin ei tulosta kuitteja",
    ],
    "ko": [
        "결제 설정을 변경하는 방법은 무엇인가요?",
        "관리자에게 비밀번호를 재설정하도록 요청하세요",
        "다운로드한 파일에서는 사용자가 이메일로 로그인합니다",
        "ㄱ ㅏ 가 각 값 결제ㅅ 서ㄹ정 와이파이",
        "환불됩니다 결제수단 은행계좌 계정의",
        "OneDrive에서 Teams를 Microsoft365로그인 Wi-Fi로",
    ],
    "ja": [
        "パスワードをリセットするにはどうすればよいですか",
        "サーバー サーバ フォルダーの割り当て ユーザー ﾕｰｻﾞｰ",
        "Azure AD 役割へのグループの追加、ｶﾞｲﾄﾞ",
        "領収書が印刷されない場合：E-1042",
        "々 〆 人々 ヴァージョン ー",
    ],
    "zh": [
        "如何重置用户的密码？",
        "打印机无法打印收据，错误代码 E-1042",
        "設定付款方式與退款",
        "在 Microsoft 365 中更改管理员权限",
        "𠮷野家 〇 二〇二六年",
    ],
    "ar": [
        "كيف أعيد تعيين كلمة مرور المستخدم؟",
        "الإعدادات والبريد بالدفع وللمستخدمين فالتطبيق",
        "مُحَمَّد كِتَابٌ مدرسة مدرسه على علي إلى الى آخر",
        "خطأ E-1042 في ٢٠٢٦ و۱۲۳",
        "استرداد المدفوعات للعملاء والشركات الكبيرة",
    ],
    "he": [
        "כיצד לאפס את הסיסמה של המשתמש?",
        "ההגדרות, הגדרות, להגדרות, ובהגדרות, שבהגדרות",
        "שָׁלוֹם תשלומים תשלום מלך ספריית ארץ",
        "החזר כספי ללקוחות עסקיים E-1042",
        "מדפסת אינה מדפיסה קבלות כשהמשתמש",
    ],
    "ru": ["Как сбросить пароль пользователя?", "Ёлка, елка, й, подключение к серверу"],
    "th": ["การตั้งค่ารหัสผ่านของผู้ใช้"],
    "hi": ["पासवर्ड कैसे रीसेट करें? सेटिंग्स बदलें।"],
}


def row(unit: Unit) -> list[object]:
    """A unit as it stands in the files and as JavaScript gives it."""
    return [unit.word, list(unit.terms), list(unit.pieces), list(unit.also), unit.is_pair]


def vectors(code: str) -> list[list[object]]:
    """The texts of one language, each with its units."""
    analyser = Analyser(language(code))
    return [[text, [row(unit) for unit in analyser.units(text)]] for text in TEXTS[code] + COMMON]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for code in TEXTS:
        lines = ",\n".join(json.dumps(one) for one in vectors(code))
        (FOLDER / f"{code}.json").write_text(f"[\n{lines}\n]\n", "utf-8")
