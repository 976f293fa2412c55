"""The browser's search over indexes of small worlds, in Node.js: what is found, typed how, and what may go wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hcgen.search.analyse import Analyser
from hcgen.search.documents import Document, Section, analysed
from hcgen.search.index import index_files
from hcgen.search.languages import language
from tests.search.node import run, write

TITLES = {
    "en": [
        "Reset your password",
        "Refund a sale",
        "Set up the receipt printer",
        "Connect OneDrive to the till",
        "Change opening hours",
        "Fix error E-1042",
        "Export an invoice",
        "Invite a colleague",
        "Delete your account",
        "Pay by card",
    ],
    "de": [
        "Kennwort zurücksetzen",
        "Verkauf erstatten",
        "Belegdrucker einrichten",
        "Kennwortrichtlinie festlegen",
        "Öffnungszeiten ändern",
        "Fehler E-1042 beheben",
        "Rechnung exportieren",
        "Richtlinie für Gäste",
        "Konto löschen",
        "Mit Karte zahlen",
    ],
    "fr": [
        "Réinitialiser le mot de passe",
        "Rembourser une vente",
        "Configurer l’imprimante de reçus",
        "Autorité de certification",
        "Modifier les horaires",
        "Corriger l’erreur E-1042",
        "Exporter une facture",
        "Inviter un collègue",
        "Supprimer le compte",
        "Payer par carte",
    ],
    "ko": [
        "비밀번호 재설정",
        "판매 환불하기",
        "영수증 프린터 설치",
        "결제 수단 추가",
        "영업 시간 변경",
        "오류 E-1042 해결",
        "청구서 내보내기",
        "동료 초대",
        "계정 삭제",
        "카드로 결제하기",
    ],
    "zh": [
        "重置密码",
        "为销售退款",
        "设置收据打印机",
        "添加付款方式",
        "更改营业时间",
        "解决错误 E-1042",
        "导出发票",
        "邀请同事",
        "删除帐户",
        "使用银行卡付款",
    ],
    "ja": [
        "パスワードのリセット",
        "売上の返金",
        "レシートプリンターの設定",
        "支払い方法の追加",
        "営業時間の変更",
        "エラー E-1042 の解決",
        "請求書のエクスポート",
        "同僚の招待",
        "アカウントの削除",
        "カードでの支払い",
    ],
    "ar": [
        "إعادة تعيين كلمة المرور",
        "استرداد عملية بيع",
        "إعداد طابعة الإيصالات",
        "إضافة طريقة الدفع",
        "تغيير ساعات العمل",
        "إصلاح الخطأ E-1042",
        "تصدير الفاتورة",
        "دعوة زميل",
        "حذف الحساب",
        "الدفع بالبطاقة",
    ],
    "he": [
        "איפוס הסיסמה",
        "החזר כספי על מכירה",
        "התקנת מדפסת הקבלות",
        "הוספת אמצעי תשלום",
        "שינוי שעות הפתיחה",
        "תיקון שגיאה E-1042",
        "ייצוא חשבונית",
        "הזמנת עמית",
        "מחיקת החשבון",
        "תשלום בכרטיס",
    ],
}
# Language: (what somebody types, number of the article that must come first).
QUERIES = {
    "en": [
        ("pasword", 0),
        ("refunding sales", 1),
        ("printre receipt", 2),
        ("one drive", 3),
        ("openi", 4),
        ("e1042", 5),
        ("E-1042", 5),
        ("delet acount", 8),
        ("resetpassword", 0),
        ("receiptprinterset", 2),
        ("connectonedrive", 3),
    ],
    "de": [
        ("passwort kennwrot", 0),
        ("verkäufe erstattet", 1),
        ("Drucker Beleg", 2),
        ("Kennwort Richtlinie", 3),
        ("oeffnungszeiten", 4),
        ("offnungs", 4),
        ("fehler e 1042", 5),
        ("rechnungen exportiren", 6),
        ("loschen", 8),
        ("loeschen konto", 8),
        ("rechnungsexport", 6),
        ("kontoloeschen", 8),
    ],
    "fr": [
        ("reinitialiser", 0),
        ("remboursement vente", 1),
        ("imprimante recus", 2),
        ("autorite", 3),
        ("horraires", 4),
        ("factures", 6),
        ("collegue invi", 7),
    ],
    # Particles, no spaces, a slip of one key, a syllable in the making (설ㅈ, 화 of 환), a final that moves on.
    "ko": [
        ("비밀번호를", 0),
        ("비밀번호재설정", 0),
        ("환불", 1),
        ("영수증프린터", 2),
        ("프린터를 설치하는 방법", 2),
        ("결제수단추가", 3),
        ("영업 시간을", 4),
        ("비밀본호", 0),
        ("영수증 프", 2),
        ("비밀버", 0),
        ("청국서", 6),
        ("초댜", 7),
        ("계정을 삭젱", 8),
        ("e-1042", 5),
        ("호", None),
    ],
    "zh": [
        ("如何重置密码", 0),
        ("密码重置", 0),
        ("打印机", 2),
        ("打印几设置", 2),
        ("怎么添加付款方式", 3),
        ("营业时间", 4),
        ("导出发", 6),
        ("删除帐", 8),
        ("e1042", 5),
    ],
    "ja": [
        ("パスワド リセット", 0),
        ("返金", 1),
        ("プリンタ 設定", 2),
        ("支払方法", 3),
        ("営業時間を変更する", 4),
        ("請求書 エクスポ", 6),
        ("アカウント削除", 8),
    ],
    "ar": [
        ("كلمه مرور", 0),
        ("طابعه", 2),
        ("والدفع طريقة", 3),
        ("ساعات", 4),
        ("فاتوره", 6),
        ("الفاتوة", 6),
        ("حساب حذف", 8),
        ("بطاقة", 9),
    ],
    "he": [
        ("סיסמה", 0),
        ("מדפסת קבלות", 2),
        ("אמצעי התשלום", 3),
        ("שעות פתיחה", 4),
        ("חשבוניות", 6),
        ("ייצוא חשבוונית", 6),
        ("עמיתים", 7),
        ("לחשבון מחיקה", 8),
        ("הסיסמ", 0),
    ],
}


def world(code: str) -> list[Document]:
    """One article for each title; their texts share words."""
    titles = TITLES[code]
    return [
        Document(
            url=f"a/{at}/",
            title=title,
            sections=(
                Section("", "", f"{titles[at - 1]}. {titles[at - 2]}."),
                Section("more", f"{title} 2", titles[at - 3]),
            ),
            category="even" if at % 2 == 0 else "odd",
        )
        for at, title in enumerate(titles)
    ]


def built(folder: Path, code: str, documents: list[Document], synonyms: list[list[str]] | None = None) -> Path:
    """The index of `documents` in `folder`/index."""
    analyser = Analyser(language(code))
    write(folder / "index", index_files([analysed(one, analyser) for one in documents], language(code), synonyms or []))
    return folder


_ASK = """
const search = create({ base: "./index/", fetch });
const rows = [];
for (const [query, options] of input) {
  const found = await search.search(query, options || {});
  const results = [];
  for (const { details, ...one } of found.results) results.push({ ...one, details: await details() });
  rows.push({ ...found, results, suggestion: await found.suggestion() });
}
out(rows);
"""


def ask(folder: Path, code: str, *queries: str, **options: Any) -> list[dict[str, Any]]:
    """The answers to `queries`."""
    return list(run(folder, code, _ASK, [[query, options] for query in queries]))


@pytest.mark.parametrize("code", QUERIES)
def test_finds_what_people_type(code: str, tmp_path: Path) -> None:
    built(tmp_path, code, world(code))
    answers = ask(tmp_path, code, *(query for query, _ in QUERIES[code]))
    first = [(one["query"], one["results"][0]["url"] if one["results"] else None) for one in answers]
    assert [
        (query, url)
        for query, url in first
        if (wanted := dict(QUERIES[code])[query]) is not None and url != f"a/{wanted}/"
    ] == []


def test_a_heading_is_an_entry_of_its_own_and_linked(tmp_path: Path) -> None:
    long = "Lorem ipsum dolor sit amet. " * 4000 + "The zeppelin lands at the very end."
    documents = [
        *world("en"),
        Document(
            "guide/",
            "Guide",
            (
                Section("", "", "About."),
                Section("till", "Close the till drawer", "Push it."),
                Section("end", "Ends", long),
            ),
        ),
    ]
    (heading, deep) = ask(built(tmp_path, "en", documents), "en", "till drawer closing", "zeppelins")
    assert (heading["results"][0]["url"], heading["results"][0]["details"]["heading"]["id"]) == ("guide/", "till")
    assert deep["results"][0]["url"] == "guide/", "whole articles are indexed, however long"


def test_words_are_marked_as_ranges_of_plain_text(tmp_path: Path) -> None:
    text = "Before. <img src=x onerror=alert(1)> refunds & sales come back. " + "More words. " * 60
    (answer,) = ask(
        built(tmp_path, "en", [Document("a/", "Refund <b>now</b>", (Section("", "", text),))]), "en", "refund onerror"
    )
    (one,) = answer["results"]
    assert one["title"] == "Refund <b>now</b>", "text, as it is written"
    assert [one["title"][a:b] for a, b in one["ranges"]] == ["Refund"]
    shown = one["details"]
    assert [shown["text"][a:b] for a, b in shown["ranges"]] == ["onerror", "refunds"]
    assert len(shown["text"]) < 200


def test_german_compounds_and_pairs_are_marked(tmp_path: Path) -> None:
    (german,) = ask(built(tmp_path / "de", "de", world("de")), "de", "richtlinie")
    marked = {row["url"]: [row["title"][a:b] for a, b in row["ranges"]] for row in german["results"]}
    assert (marked["a/7/"], marked["a/3/"]) == (["Richtlinie"], ["Kennwortrichtlinie"])
    (chinese,) = ask(
        built(
            tmp_path / "zh", "zh", [Document("a/", "设置打印机", (Section("", "", "请先设置打印机，再打印收据。"),))]
        ),
        "zh",
        "打印机",
    )
    (row,) = chinese["results"]
    assert [row["details"]["text"][a:b] for a, b in row["details"]["ranges"]] == ["打印机", "打印"]


def test_did_you_mean(tmp_path: Path) -> None:
    answers = ask(
        built(tmp_path, "en", world("en")), "en", "reset pasword", "reset password", "receipt printre setup", "qqqq"
    )
    assert [one["suggestion"] for one in answers] == ["reset password", "", "receipt printer setup", ""]
    assert answers[3]["results"] == []


def test_categories_filter_and_are_counted(tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    (all_of_them,) = ask(tmp_path, "en", "account password card")
    (even,) = ask(tmp_path, "en", "account password card", category="even")
    counts = {one["name"]: one["count"] for one in all_of_them["categories"]}
    assert even["total"] == counts["even"] < all_of_them["total"] == sum(counts.values())
    assert {one["category"] for one in even["results"]} == {"even"}


def test_synonyms_of_the_article_and_of_the_language(tmp_path: Path) -> None:
    documents = [
        *world("en"),
        Document("money/", "Payouts", (Section("", "", "When it arrives."),), synonyms=("bank transfer", "wire")),
    ]
    built(tmp_path, "en", documents, [["erase", "delete"], ["log in", "invite"]])
    urls = [
        one["results"][0]["url"] for one in ask(tmp_path, "en", "wires", "bank transfers", "erase account", "log in")
    ]
    assert urls == ["money/", "money/", "a/8/", "a/7/"]


def test_popularity_decides_between_equals_alone(tmp_path: Path) -> None:
    def page(url: str, title: str, popularity: float) -> Document:
        return Document(url, title, (Section("", "", "Same text."),), popularity=popularity)

    built(
        tmp_path,
        "en",
        [
            page("a/", "Print labels", 0),
            page("b/", "Print labels", 1),
            page("c/", "Print label sheets for shops", 1),
            page("d/", "Other", 0),
        ],
    )
    (answer,) = ask(tmp_path, "en", "print labels")
    assert [one["url"] for one in answer["results"]][:3] == ["b/", "a/", "c/"]


HOSTILE = [
    "",
    " ",
    "a" * 10_000,
    "wort " * 2_000,
    "😀" * 500,
    "\ud800",
    "\udfff\ud800x",
    "(a+)+$[\\",
    "<script>alert(1)</script>",
    "__proto__ constructor toString",
    "\u202e\u200b\u0000",
    "%00 ../../index.json",
    "한" * 500,
    "漢" * 5_000,
    "é" * 999,
    "-" * 5_000,
    "a'" * 3_000,
]


@pytest.mark.parametrize("code", ["en", "de", "ko", "zh", "ar"])
def test_hostile_queries_are_queries(code: str, tmp_path: Path) -> None:
    answers = ask(built(tmp_path, code, world(code)), code, *HOSTILE)
    assert {one["status"] for one in answers} == {"ok"}


def test_a_language_without_articles(tmp_path: Path) -> None:
    (answer,) = ask(built(tmp_path, "en", []), "en", "refund")
    assert (answer["status"], answer["total"]) == ("ok", 0)


def test_first_query_takes_two_round_trips(tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    script = """
const s = create({ base: "./index", fetch });
await s.search("refund sale");
const first = asked.map(([path]) => path.split("/").pop().split("-")[0]);
await s.search("refund sales");
out([first, asked.length]);
"""
    first, after = run(tmp_path, "en", script)
    assert first[0] == "index.json", "nothing but the manifest first"
    assert set(first[1:]) == {"titles", "terms"}
    assert after == len(first), "what was loaded is kept"


def test_an_index_replaced_meanwhile_is_read_anew(tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    built(
        tmp_path / "new",
        "en",
        [*world("en")[1:], Document("z/", "Reset your password anew", (Section("", "", "New."),))],
    )
    script = """
const s = create({ base: "./index/", fetch });
await s.open();
fs.rmSync("./index", { recursive: true });
fs.renameSync("./new/index", "./index");
const found = await s.search("reset password");
out([found.status, found.results.map((one) => one.url)[0]]);
"""
    assert run(tmp_path, "en", script) == ["ok", "z/"]


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign", "empty"])
@pytest.mark.parametrize("kind", ["index", "terms", "titles"])
def test_damaged_files_have_a_clear_answer(kind: str, damage: str, tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    for path in (tmp_path / "index").glob(f"{kind}*.json"):
        data = path.read_bytes()
        path.unlink()
        if damage != "missing":
            path.write_bytes({"truncated": data[: len(data) // 2], "foreign": b'{"a":[1]}', "empty": b""}[damage])
    (answer,) = ask(tmp_path, "en", "refund")
    assert (answer["status"], answer["results"]) == (
        "outdated" if (kind, damage) == ("index", "foreign") else "unavailable",
        [],
    )


def test_an_index_of_another_version_asks_for_a_reload(tmp_path: Path) -> None:
    path = built(tmp_path, "en", world("en")) / "index" / "index.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"version": 99}), "utf-8")
    (answer,) = ask(tmp_path, "en", "refund")
    assert answer["status"] == "outdated"


def test_missing_details_leave_the_result(tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    for path in (tmp_path / "index").glob("details-*.json"):
        path.unlink()
    (answer,) = ask(tmp_path, "en", "refund")
    assert answer["results"][0]["url"] == "a/1/"
    assert answer["results"][0]["details"] == {"heading": None, "text": "", "ranges": []}


def test_a_network_that_fails_once_is_asked_again(tmp_path: Path) -> None:
    built(tmp_path, "en", world("en"))
    script = """
let broken = true;
const failing = (...all) => broken ? Promise.reject(new TypeError("network")) : fetch(...all);
const s = create({ base: "./index/", fetch: failing });
const first = await s.search("refund");
broken = false;
const second = await s.search("refund");
out([first.status, second.status, second.results[0].url]);
"""
    assert run(tmp_path, "en", script) == ["unavailable", "ok", "a/1/"]
