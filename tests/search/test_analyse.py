"""One analyser, two implementations: golden vectors that both run, and the words of real content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hcgen.search.analyse import Analyser, stemmer
from hcgen.search.compounds import parts
from hcgen.search.fold import fold
from hcgen.search.languages import language
from tests.search.golden import FOLDER, TEXTS, row, vectors
from tests.search.node import run

# Corpora beside the checkout, and the languages whose rules their texts are put to as well.
CORPORA = {
    "arduino-help/content/en": ["en", "it", "pt", "ru"],
    "m365-insights/content/de": ["de", "sv", "da", "nb", "fi"],
    "m365-insights/content/fr": ["fr"],
    "bc-regions/content/es": ["es"],
    "m365-insights/content/nl": ["nl"],
    "m365-insights/content/ja": ["ja", "zh", "ko"],
    "m365-insights/content/ar": ["ar", "he"],
}
_UNITS = "out(input.map((text) => analyse(text).map((u) => [u.word, u.terms, u.pieces, u.also, u.isPair])));"


@pytest.mark.parametrize("code", TEXTS)
def test_golden_vectors(code: str, tmp_path: Path) -> None:
    golden = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    assert vectors(code) == golden, "run `python -m tests.search.golden` if the change is meant"
    assert run(tmp_path, code, _UNITS, [text for text, _ in golden]) == [units for _, units in golden]


@pytest.mark.parametrize("folder", CORPORA)
def test_both_analysers_agree_on_real_content(folder: str, corpora: Path, tmp_path: Path) -> None:
    lines = sorted(
        {
            line
            for path in sorted((corpora / folder).rglob("*.md"))[:300]
            for line in path.read_text("utf-8", "replace").splitlines()
        }
    )
    assert len(lines) > 2_000
    for code in CORPORA[folder]:
        analyser = Analyser(language(code))
        theirs = run(tmp_path, code, _UNITS, lines)
        for line, units in zip(lines, theirs, strict=True):
            assert [row(unit) for unit in analyser.units(line)] == units, f"{code}: {line}"


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("de", "Größe löschen", "groesse loeschen"),
        ("de", "Größe löschen", "grosse loschen"),
        ("sv", "återställa räkningar", "aterstalla rakning"),
        ("da", "hjælp køb åbning", "hjaelp koeb aabning"),
        ("fr", "autorité réglages", "autorite reglage"),
        ("es", "telemetría compañía", "telemetria compania"),
        ("en", "refunding payments", "refunds payment"),
        ("ko", "결제를 관리자에게", "결제 관리자"),
        ("ar", "الإعدادات والبريد", "إعدادات بريد"),
        ("ar", "مُحَمَّد مدرسة", "محمد مدرسه"),
        ("he", "המשתמש שָׁלוֹם", "משתמש שלומ"),
        ("ja", "サーバー ﾕｰｻﾞｰ", "サーバ ユーザ"),
        ("en", "Wi-Fi E-1042", "wifi e1042"),
    ],
)
def test_spellings_that_are_one_word(code: str, one: str, other: str) -> None:
    analyser = Analyser(language(code))
    pairs = zip(analyser.units(one), analyser.units(other), strict=True)
    assert all(set(a.terms) & {*b.terms, *b.also} for a, b in pairs), (analyser.units(one), analyser.units(other))


@pytest.mark.parametrize("code", TEXTS)
def test_affixes_are_folded_and_the_longest_come_first(code: str) -> None:
    data = language(code)
    for affixes in (data.prefixes, data.suffixes):
        assert [fold(affix) for affix in affixes] == list(affixes)
        assert sorted(affixes, key=len, reverse=True) == list(affixes)


def test_codes_and_products_stay_whole() -> None:
    analyser = Analyser(language("en"))
    terms = {term for unit in analyser.units("AADSTS50011, v2.1.3, USB-C, C++ and 0x80070005") for term in unit.terms}
    assert {"aadsts50011", "v213", "usbc", "c++", "0x80070005"} <= terms


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("kennwortrichtlini", {"kennwort", "richtlini"}, ("kennwort", "richtlini")),
        ("sicherheitsgrupp", {"sicherheit", "grupp"}, ("sicherheit", "grupp")),
        # The index holds the stem of a beginning that has an ending of its own: Anmeldung, Vertraulichkeit.
        ("anmeldungsfehl", {"anmeld", "fehl"}, ("anmeld", "fehl")),
        ("vertraulichkeitsbezeichn", {"vertraulich", "bezeichn"}, ("vertraulich", "bezeichn")),
        ("kennwortrichtlini", {"kennwort"}, ()),
        ("anmeldung", {"an", "meldung"}, ()),
    ],
)
def test_compounds_are_split_by_known_words_alone(word: str, known: set[str], found: tuple[str, ...]) -> None:
    stem = stemmer(language("de"))
    assert stem
    assert parts(word, known, language("de").links, stem) == found
