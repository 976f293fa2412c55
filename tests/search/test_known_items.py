"""Queries made from content: what they do to words, in every language, and that they are the same every time."""

from __future__ import annotations

import pytest

from hcgen.files.schema import schema
from hcgen.relevance.queries import KINDS, Query, known_items
from hcgen.relevance.slips import Chance, half_typed, mistyped, other_form, parts, spelled_out, without_accents
from hcgen.relevance.tongues import TONGUES, tongue
from hcgen.search.documents import Document, Section
from hcgen.search.languages import language

REFUND = Document(
    "refund/",
    "Refund a sale to the customer",
    (Section("", "", "Give the money back."), Section("partial", "Partial refunds of cards", "Only a share.")),
    "How a buyer gets everything back after returning goods.",
)
PAYOUT = Document("payout/", "When payouts arrive", (Section("", "", "The bank takes two days. Cards and sales."),))
PRINTER = Document("printer/", "Connect the receipt printer", (Section("", "", "Switch the printer on."),))
ENGLISH = (REFUND, PAYOUT, PRINTER)


def made(documents: tuple[Document, ...], code: str, most: int = 60) -> dict[str, dict[str, str]]:
    """Queries by class and address."""
    found: dict[str, dict[str, str]] = {}
    for one in known_items(documents, code, most):
        found.setdefault(one.kind, {})[one.url] = one.text
    return found


def edits(one: str, other: str) -> int:
    """Letters more, less, other, or swapped with their neighbour (optimal string alignment)."""
    table = [[max(row, column) for column in range(len(other) + 1)] for row in range(len(one) + 1)]
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            same = one[row - 1] == other[column - 1]
            table[row][column] = min(
                table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + (not same)
            )
            if min(row, column) > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]:
                table[row][column] = min(table[row][column], table[row - 2][column - 2] + 1)
    return table[-1][-1]


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "word"),
    [("en", "customer"), ("de", "auszahlung"), ("fr", "remboursement"), ("ar", "التحويلات"), ("he", "החזרים")],
)
def test_a_slip_is_one_edit_and_keeps_both_ends(code: str, word: str) -> None:
    slips = {mistyped(word, tongue(code), Chance(str(seed))) for seed in range(60)}
    assert len(slips) > 10
    assert {edits(word, slip) for slip in slips} == {1}
    assert {(slip[0], slip[-1]) for slip in slips} == {(word[0], word[-1])}


def test_a_wrong_key_lies_beside_the_right_one() -> None:
    others = {slip[1] for seed in range(200) if len(slip := mistyped("sxs", tongue("en"), Chance(str(seed)))) == 3}
    assert others - {"s"} == set("zcsd") - {"s"}
    # The same word is typed on another keyboard in France.
    others = {slip[1] for seed in range(200) if len(slip := mistyped("sxs", tongue("fr"), Chance(str(seed)))) == 3}
    assert others - {"s"} == set("wcsd") - {"s"}


def test_a_korean_slip_changes_one_key_of_one_syllable() -> None:
    slips = {mistyped("환불", tongue("ko"), Chance(str(seed))) for seed in range(80)}
    assert len(slips) > 8
    for slip in slips:
        assert len(slip) == 2
        assert sum(a != b for a, b in zip(slip, "환불", strict=True)) == 1
        assert all("가" <= one <= "힣" for one in slip)


@pytest.mark.parametrize(
    ("word", "is_glued", "begun"),
    [("printer", False, "prin"), ("app", False, "app"), ("설정", False, "설저"), ("연결하기", False, "연결하ㄱ"),
     ("印刷", True, "印刷"), ("領収書", True, "領収"), ("iphone", True, "iph")],
)  # fmt: skip
def test_words_are_half_typed(word: str, is_glued: bool, begun: str) -> None:
    assert half_typed(word, is_glued=is_glued) == begun


@pytest.mark.parametrize(
    ("code", "word", "known", "form"),
    [
        ("en", "refunds", {"refund", "refunded"}, {"refund", "refunded"}),
        ("en", "refund", {"refurb"}, {""}),
        ("de", "auszahlung", {"auszahlungen"}, {"auszahlungen"}),
        ("ko", "계좌를", {"계좌"}, {"계좌"}),
        ("ko", "계좌", set(), {"계좌를", "계좌는", "계좌가", "계좌와", "계좌에서", "계좌의"}),
        ("ko", "환불", set(), {"환불을", "환불은", "환불이", "환불과", "환불에서", "환불의"}),
        ("ar", "التحويلات", {"تحويلات"}, {"تحويلات"}),
        ("ar", "تحويلات", set(), {"التحويلات"}),
        # What looks like an article belongs to the word.
        ("he", "הזמנה", set(), {""}),
        ("ja", "設定", {"設定する"}, {""}),
    ],
)
def test_other_forms_are_words_that_there_are(code: str, word: str, known: set[str], form: set[str]) -> None:
    assert {other_form(word, tongue(code), known, Chance(str(seed))) for seed in range(60)} == form


def test_compounds_are_taken_apart_where_both_parts_are_words() -> None:
    words = {"auszahlung", "abrechnung", "versand", "kosten", "art"}
    links = tongue("de").links
    assert parts("auszahlungsabrechnung", links, words) == ("auszahlung", "abrechnung")
    assert parts("versandkosten", links, words) == ("versand", "kosten")
    assert parts("zahlungsart", links, words) == ()
    assert parts("versandkosten", tongue("en").links, words) == ()


def test_accents_and_letters_that_keyboards_lack() -> None:
    assert without_accents("reçu où l’inventaire a été créé, niño") == "recu ou l’inventaire a ete cree, nino"
    assert without_accents("ガード 환불 إعداد") == "ガード 환불 إعداد"
    assert spelled_out("rückgängig größe", tongue("de").digraphs) == "rueckgaengig groesse"
    assert spelled_out("smørrebrød på", tongue("nn").digraphs) == "smoerrebroed paa"
    assert spelled_out("كلمة إعداد", tongue("ar").digraphs) == "كلمه اعداد"


# Queries --------------------------------------------------------------------------------------------------------------


def test_every_class_that_english_has() -> None:
    found = made(ENGLISH, "en")
    assert found.keys() == {"title", "heading", "prefix", "typo", "form", "question", "description"}
    assert set(found["title"]["payout/"].split()) == {"when", "payouts", "arrive"}
    # `the` stands in all of them and says nothing.
    assert set(found["title"]["printer/"].split()) == {"connect", "receipt", "printer"}
    assert found["heading"] == {"refund/": "partial refunds of cards"}
    assert found["prefix"]["printer/"] == "connect receipt prin"
    assert edits(found["typo"]["payout/"], "when payouts arrive") == 1
    assert found["form"]["refund/"] in ("refunds a sale to customer", "refunds a sales to customer")
    assert found["question"]["payout/"] == "how do i when payouts arrive"
    assert found["description"] == {"refund/": "how buyer gets everything back after"}


def test_classes_of_other_languages() -> None:
    german = (
        Document("a/", "Auszahlungsabrechnung für März lesen", (Section("", "", "Die Auszahlung, die Abrechnung."),)),
    )
    found = made(german, "de")
    assert found["compound"] == {"a/": "auszahlung abrechnung für märz lesen"}
    assert found["accent"]["a/"] == "auszahlungsabrechnung fur marz lesen"
    assert found["digraph"]["a/"] == "auszahlungsabrechnung fuer maerz lesen"
    korean = made((Document("a/", "은행 계좌 변경하기"),), "ko")
    assert korean["joined"] == {"a/": "은행계좌변경하기"}
    assert korean["prefix"] == {"a/": "은행 계좌 변경하ㄱ"}
    japanese = made((Document("a/", "レシートプリンターを接続する"),), "ja")
    assert set(japanese["title"]["a/"].split()) == {"レシートプリンター", "接続"}
    assert edits(japanese["typo"]["a/"], "レシートプリンター 接続") == 1
    chinese = made((Document("a/", "退款和取消订单"),), "zh")
    assert set(chinese["title"]["a/"].split()) == {"退款", "取消订单"}
    assert "typo" not in chinese
    arabic = made((Document("a/", "ثبّت التطبيق"),), "ar")
    assert "ثبّت" in arabic["title"]["a/"].split()


def test_a_language_that_nobody_wrote_down_has_the_classes_that_need_no_knowledge() -> None:
    assert made((Document("a/", "Zwrot pieniędzy klientowi"),), "pl").keys() == {"title", "prefix", "typo", "accent"}


def test_titles_that_could_be_any_of_several_are_not_asked_for() -> None:
    twice = (Document("a/", "Add a user"), Document("b/", "User: add a"), Document("c/", "Remove all users"))
    assert made(twice, "en")["title"].keys() == {"c/"}


def test_articles_in_a_stand_in_language_are_not_asked_for() -> None:
    foreign = (Document("a/", "Read the payout statement", lang="en"), Document("b/", "Einen Verkauf erstatten"))
    assert {one.url for one in known_items(foreign, "de", 60)} == {"b/"}


def test_queries_are_the_same_every_time_and_in_any_order() -> None:
    assert known_items(ENGLISH, "en", 60) == known_items(tuple(reversed(ENGLISH)), "en", 60)


def test_a_new_article_changes_no_query_of_another_vocabulary() -> None:
    stranger = Document("zebra/", "Zebra crossing lanes", (Section("", "", "Striped and the."),))
    before, after = known_items(ENGLISH, "en", 60), known_items((*ENGLISH, stranger), "en", 60)
    assert [one for one in after if one.url != "zebra/"] == before
    assert len(after) > len(before)


def test_no_class_has_more_than_asked_for() -> None:
    many = tuple(Document(f"{at}/", f"Connect printer{at} and scanner{at}") for at in range(40))
    found = made(many, "en", 7)
    assert {len(queries) for queries in found.values()} == {7}
    assert known_items(many, "en", 0) == []


@pytest.mark.parametrize("code", [*TONGUES, "xx"])
def test_nothing_makes_it_fail(code: str) -> None:
    odd = (
        "",
        "!",
        "a",
        "ㄱ",
        "각",
        "ー",
        "אב",
        "1-2'3",
        "e\u0301e\u0301e\u0301e\u0301e",
        "🙂 🙂",
        "\ud800 x",
        "ab " * 200,
    )
    documents = tuple(Document(f"{at}/", text, (Section("x", text, text),), text) for at, text in enumerate(odd))
    found = known_items(documents, code, 60)
    assert all(isinstance(one, Query) and one.text.strip() for one in found)


def test_the_settings_know_every_class_and_the_gate_every_analysed_language() -> None:
    assert tuple(schema("settings")["$defs"]["classes"]["properties"]) == KINDS
    assert {code for code in TONGUES if language(code) == language("xx")} == set()
