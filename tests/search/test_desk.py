"""The desk search itself: words of every language, the query language, corrections, excerpts, and an index on disk."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import whoosh
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.search.analyse import Analyser
from hcgen.search.desk import Desk, Match
from hcgen.search.documents import Document, Section
from hcgen.search.excerpt import excerpt, marked
from hcgen.search.languages import language
from hcgen.search.seal import put_seal, sealed_signs
from hcgen.search.sheets import Passage, Sheet
from hcgen.search.spelling import distance, nearest


def document(url: str, title: str, *sections: tuple[str, str], **more: object) -> Document:
    return Document(url, title, tuple(Section("", heading, text) for heading, text in sections), **more)  # type: ignore[arg-type]


REFUND = document(
    "payments/refund/", "Refund a sale", ("", "Open the sale and find the payment."),
    ("Steps", "Choose Refund, error E-1042."),
    synonyms=("money back",), tags=("payments",), category="payments",
)  # fmt: skip
PAYOUT = document("payments/payouts/", "When payouts arrive", ("", "A payout takes two days after the sale."))
PRINTER = document(
    "hardware/printer/", "Connect a receipt printer", ("", "Print a test page by Wi-Fi. The printer must be on.")
)
DESK = Desk.of([REFUND, PAYOUT, PRINTER], "en")


def found(query: str, desk: Desk = DESK, match: Match = Match.ALL) -> list[str]:
    """Ids of what answers, in order of the documents."""
    return sorted(name for name, _ in desk.ranked(desk.ask(query, match)))


# The query language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("refunding sales", [REFUND]),
        ("sale", [PAYOUT, REFUND]),
        ("sale NOT refund", [PAYOUT]),
        ("title:sale", [REFUND]),
        ("tag:payments", [REFUND]),
        ("heading:steps", [REFUND]),
        ("about:money", [REFUND]),
        ("category:payments", [REFUND]),
        ("id:payments/payouts/", [PAYOUT]),
        ("locale:en AND printer", [PRINTER]),
        ("locale:de AND printer", []),
        ('"test page"', [PRINTER]),
        ('"page test"', []),
        ('"the sales"', [PAYOUT, REFUND]),
        ("refund OR printer", [PRINTER, REFUND]),
        ("(refund OR payout) AND days", [PAYOUT]),
        ("prin*", [PRINTER]),
        ("rec?ipt", [PRINTER]),
        ("where is the printer?", []),
        ("the printer?", [PRINTER]),
        ("e1042", [REFUND]),
        ("E-1042", [REFUND]),
        ("wifi", [PRINTER]),
        ("nothing:refund", [REFUND]),
        ("*", [PRINTER, PAYOUT, REFUND]),
        ("", []),
        ("   ", []),
        ("!?", []),
    ],
)  # fmt: skip
def test_the_query_language(query: str, wanted: Sequence[Document]) -> None:
    if query == "nothing:refund":
        # A field that does not exist is a word like any other.
        assert found(query) == []
        assert found(query, match=Match.SOME) == [REFUND.url]
        return
    assert found(query) == sorted(one.url for one in wanted)


def test_what_has_all_words_stands_before_what_has_some() -> None:
    assert [hit.id for hit in DESK.search("sale payout days")] == [PAYOUT.url, REFUND.url]
    assert [hit.id for hit in DESK.search("sale payout days", limit=1)] == [PAYOUT.url]


def test_a_title_counts_more_than_a_text() -> None:
    assert [hit.id for hit in DESK.search("refund OR printer OR payout")][-1] != REFUND.url
    other = document("other/", "Something else", ("", "You can refund it, refund it again, refund and refund."))
    assert [hit.id for hit in Desk.of([other, REFUND, PAYOUT], "en").search("refund")] == [REFUND.url, "other/"]


# Languages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "title", "text", "queries"),
    [
        ("de", "Kennwort zurücksetzen", "Öffnen Sie die Kontoverwaltung.", ["kennwörter", "zuruecksetzen", "Konto*"]),
        ("fr", "Rembourser une vente", "L’autorisation d'un responsable.", ["remboursé", "autorisations", "vente"]),
        ("nl", "Wachtwoord wijzigen", "Betalingen van klanten.", ["wachtwoord", "betaling klant"]),
        ("ko", "비밀번호 재설정", "설정에서 프린터를 연결합니다.", ["비밀번호를", "프린터", "설정"]),
        ("ja", "パスワードを再設定する", "プリンターを接続します。", ["パスワード", "プリンタ", "再設定"]),
        ("zh", "重置密码", "在设置中连接打印机。", ["密码", "打印机", "重置密码"]),
        ("ar", "إعادة تعيين كلمة المرور", "افتح الإعدادات.", ["المرور", "اعدادات", "مرور"]),
        ("he", "איפוס סיסמה", "פתחו את ההגדרות.", ["סיסמה", "הסיסמה", "הגדרות"]),
    ],
)
def test_words_of_each_language(code: str, title: str, text: str, queries: list[str]) -> None:
    desk = Desk.of([document("one/", title, ("", text)), document("other/", "-", ("", "Lorem ipsum."))], code)
    for query in queries:
        assert found(query, desk) == ["one/"], query


# What was probably meant ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted"), [("refnud", REFUND), ("recepit printer", PRINTER), ("payouts ariive", PAYOUT)]
)
def test_a_mistyped_word_is_corrected(query: str, wanted: Document) -> None:
    assert found(query) == []
    asked = DESK.ask(query, Match.MEANT)
    assert [name for name, _ in DESK.ranked(asked)] == [wanted.url]
    assert list(asked.meant) == [next(word for word in query.split() if not found(word))]


def test_korean_is_corrected_by_its_letters() -> None:
    desk = Desk.of([document("one/", "프린터 연결", ("", "프린터를 켭니다."))], "ko")
    assert found("프린텨", desk) == []
    assert found("프린텨", desk, Match.MEANT) == ["one/"]


@pytest.mark.parametrize(
    ("one", "other", "away"),
    [("sale", "sale", 0), ("sale", "sael", 1), ("sale", "sal", 1), ("sale", "sales", 1), ("sale", "safe", 1),
     ("refund", "rfeudn", 2), ("abc", "xyz", 3), ("", "a", 1)],
)  # fmt: skip
def test_distances(one: str, other: str, away: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == away


def test_short_words_and_codes_are_not_corrected() -> None:
    assert nearest("abc", ["abd"]) == ()
    assert nearest("e1042", ["e1043"]) == ()
    assert nearest("refundd", ["refund", "refunds", "printer"]) == ("refund", "refunds")


# Internal -------------------------------------------------------------------------------------------------------------

OPEN = Sheet(
    "open", "open", "open", "en", "Refund",
    passages=(Passage(3, "Public words."), Passage(9, "Secret words.", is_internal=True))
)  # fmt: skip
CLOSED = Sheet(
    "closed", "closed", "closed", "en", "Refund limits", passages=(Passage(1, "Guarded."),), is_internal=True
)


def test_internal_words_are_found_by_those_who_ask_for_them_alone() -> None:
    desk = Desk.of([OPEN, CLOSED], "en")
    for query in (
        "secret",
        "internal:secret",
        "guarded",
        "limits",
        "audience:internal",
        "secr*",
        '"secret words"',
        "*:*",
    ):
        names = [hit.name for hit in desk.search(query)]
        assert names == (["open"] if query == "*:*" else []), query
    assert [hit.is_internal for hit in desk.search("secret", is_internal=True)] == [True]
    assert [hit.line for hit in desk.search("secret", is_internal=True)] == [9]
    assert [hit.name for hit in desk.search("guarded", is_internal=True)] == ["closed"]
    assert all(hit.line == 3 and not hit.is_internal for hit in desk.search("words"))


# Excerpts -------------------------------------------------------------------------------------------------------------


def test_a_hit_shows_the_passage_with_what_tells_most() -> None:
    lines = tuple(Passage(at, f"The line of number {at}.") for at in range(1, 30))
    sheet = Sheet("a", "a", "a", "en", "Title", passages=(*lines, Passage(30, "The refund of the sale."), *lines))
    other = Sheet("b", "b", "b", "en", "Other", passages=lines)
    hit = Desk.of([sheet, other, *(Sheet(c, c, c, "en", "The", passages=lines) for c in "cdef")], "en").search(
        "the refunds"
    )[0]
    assert (hit.line, hit.excerpt.text) == (30, "The refund of the sale.")
    assert [hit.excerpt.text[a:b] for a, b in hit.excerpt.ranges] == ["refund"]


def test_a_long_text_is_cut_around_what_was_asked_for() -> None:
    text = "Words before. " * 40 + "Here is the refund, and the refunded sale. " + "Words behind. " * 40
    shown = excerpt(text, Analyser(language("en")), {"refund", "sale"})
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert len(shown.text) < 230
    assert [shown.text[a:b] for a, b in shown.ranges] == ["refund", "refunded", "sale"]


def test_marks_in_scripts_without_spaces_and_on_accents() -> None:
    def words(code: str, text: str, wanted: set[str]) -> list[str]:
        return [text[a:b] for a, b in marked(text, Analyser(language(code)), wanted)]

    assert words("zh", "请重置密码吧", {"重置", "置密", "密码"}) == ["重置密码"]
    assert words("ko", "비밀번호를 바꿉니다", {"비밀번호"}) == ["비밀번호를"]
    assert words("fr", "Le café fermé", {"caf"}) == ["café"]
    assert words("en", "no such word", set()) == []


# Hostile queries ------------------------------------------------------------------------------------------------------

HOSTILE = [
    "(" * 500, ")" * 500, '"' * 301, "a" * 10_000, "AND", "OR OR", "NOT", "NOT NOT a", "title:", "title:title:",
    ":", "::", "a^b", "[a TO b]", "[", "{", "\\", "\\\\x", "\ud800", "😀 😀", "<script>", ".*", "(a+)+$", "a* *b* ?c?",
    "'", "''",
    "title:(", "-", "+", "~", '"a"~0', '"a b"~99999999999', "\x00\x1b[31m", "internal:*", "name:*", "source:*",
    "%s", "* OR *",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:30])
def test_hostile_queries_have_an_answer(query: str) -> None:
    assert all(0 <= a < b <= len(hit.excerpt.text) for hit in DESK.search(query) for a, b in hit.excerpt.ranges)


PARTS = [*"ab ()[]{}\":*?~^+-'<>.\\", " AND ", " OR ", " NOT ", "title:", "sale", "é", "한", "字"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_whatever_is_typed_has_an_answer(parts: list[str]) -> None:
    DESK.search("".join(parts), is_internal=True)


# On disk --------------------------------------------------------------------------------------------------------------

SHEETS = {
    name: [Sheet(f"//{name}", name, name, "en", f"Title {name}", passages=(Passage(1, text),))]
    for name, text in {"a": "Refund a sale.", "b": "Print a receipt.", "c": "Pay out."}.items()
}


def kept(folder: Path, sheets: dict[str, list[Sheet]] = SHEETS, tool: str = "1") -> tuple[Desk, list[str]]:
    """The desk kept in `folder`, and the sources that were read for it."""
    read: list[str] = []

    def load(name: str) -> list[Sheet]:
        read.append(name)
        return sheets[name]

    signs = {name: repr(some) for name, some in sheets.items()}
    desk = Desk.kept(folder / "en", "en", tool, signs, load)
    return desk, list(read)


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    assert kept(tmp_path)[1] == ["a", "b", "c"]
    desk, read = kept(tmp_path)
    assert read == []
    assert [hit.name for hit in desk.search("refund")] == ["//a"]
    changed = {**SHEETS, "a": [Sheet("//a", "a", "a", "en", "Title", passages=(Passage(1, "Cancel it."),))]}
    del changed["c"]
    desk, read = kept(tmp_path, changed)
    assert read == ["a"]
    assert (desk.search("refund"), desk.search("pay")) == ((), ())
    assert [hit.name for hit in desk.search("cancel OR print")] == ["//a", "//b"]
    assert kept(tmp_path, changed, tool="2")[1] == ["a", "b"]


def damages(folder: Path) -> dict[str, object]:
    """Ways in which the index may be found."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".seg", ".toc"))

    def truncate() -> None:
        for path in files:
            path.write_bytes(path.read_bytes()[:100])

    def scribble() -> None:
        for path in files:
            path.write_bytes(bytes(len(path.read_bytes())))

    def lose() -> None:
        files[0].unlink()

    def unseal() -> None:
        (folder / "seal.json").write_bytes(b"{}")

    def leave() -> None:
        (folder / "left.tmp").mkdir()
        (folder / "left.tmp" / "over").write_bytes(b"x")
        (folder / "seal.json").unlink()

    def clear() -> None:
        shutil.rmtree(folder)

    return {one.__name__: one for one in (truncate, scribble, lose, unseal, leave, clear)}


@pytest.mark.parametrize("damage", ["truncate", "scribble", "lose", "unseal", "leave", "clear"])
def test_a_damaged_index_is_made_again(tmp_path: Path, damage: str) -> None:
    kept(tmp_path)
    damages(tmp_path / "en")[damage]()  # type: ignore[operator]
    desk, read = kept(tmp_path)
    assert read == ["a", "b", "c"]
    assert [hit.name for hit in desk.search("refund")] == ["//a"]
    assert not (tmp_path / "en" / "left.tmp").exists()


class Trap:
    """What a stranger's pickle may do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_index_from_elsewhere_is_not_read(tmp_path: Path) -> None:
    """Whoosh keeps pickles: a copy of an index is not what this machine left there, however good its seal looks."""
    sprung = tmp_path / "sprung"
    kept(tmp_path / "theirs")
    table = next((tmp_path / "theirs" / "en").glob("*.toc"))
    trap = pickle.dumps(Trap(sprung))
    data = table.read_bytes()
    table.write_bytes(data[: data.rindex(pickle.PROTO + bytes([pickle.HIGHEST_PROTOCOL]))] + trap)
    # As the stranger's own machine would seal it.
    signs = {name: repr(some) for name, some in SHEETS.items()}
    tool = f"1 {whoosh.versionstring()}"
    put_seal(tmp_path / "theirs" / "en", tool, signs)
    shutil.copytree(tmp_path / "theirs", tmp_path / "mine")
    _, read = kept(tmp_path / "mine")
    assert read == ["a", "b", "c"]
    assert not sprung.exists()
    # The trap is a real one: where the seal is whole, it springs.
    assert sealed_signs(tmp_path / "theirs" / "en", tool) == signs
    with pytest.raises(FileExistsError):
        kept(tmp_path / "theirs")
    assert sprung.exists()
