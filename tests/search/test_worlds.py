"""Help centers of some twenty articles in scripts that no corpus beside the checkout has: Korean, Chinese, Hebrew.

`worlds/<code>.json` holds the articles (title, a heading, text) and queries as people type them (kind, query, number
of the article). More queries are made of the titles by rules of the language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from hcgen.search.documents import Document, Section
from tests.search.test_search import ask, built

FOLDER = Path(__file__).parent / "worlds"
Query = tuple[str, str, int]


def documents(articles: list[list[str]]) -> list[Document]:
    return [
        Document(f"a/{at}/", title, (Section("", "", text), Section("h", heading, text)))
        for at, (title, heading, text) in enumerate(articles)
    ]


def korean(title: str) -> Iterator[tuple[str, str]]:
    """Without spaces, with other particles, and with the last syllable still being typed."""
    words = title.split()
    yield "joined", "".join(words)
    for closed, open_ in [("은", "는"), ("을", "를"), ("이", "가"), ("으로", "로")]:
        yield (
            "particles",
            " ".join(
                word + (closed if len(unicodedata.normalize("NFD", word[-1])) > 2 else open_)
                if unicodedata.normalize("NFC", word[-1]) >= "가"
                else word
                for word in words
            ),
        )
    yield "typing", unicodedata.normalize("NFC", unicodedata.normalize("NFD", title)[:-1])


def chinese(title: str) -> Iterator[tuple[str, str]]:
    """As questions, cut while it is typed, with one character wrong, and turned round."""
    yield "question", f"如何{title}"
    yield "question", f"怎么{title}？"
    yield "typing", title[:-1]
    yield "wrong", f"{title[0]}错{title[2:]}" if title[1].isalpha() else title
    yield "turned", f"{title[2:]} {title[:2]}"


def hebrew(title: str) -> Iterator[tuple[str, str]]:
    """With one prefix at each word, cut while it is typed, and with two letters of the longest word swapped."""
    words = re.sub("[־-]", " ", title).split()
    for prefix in "הבלומש":
        yield "prefixes", " ".join(prefix + word if word.isalpha() and word[0] >= "א" else word for word in words)
    yield "typing", " ".join([*words[:-1], words[-1][: max(3, len(words[-1]) - 2)]])
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[at]
    yield "swapped", " ".join([*words[:at], f"{word[0]}{word[2]}{word[1]}{word[3:]}", *words[at + 1 :]])


MADE = {"ko": korean, "zh": chinese, "he": hebrew}


@pytest.mark.parametrize("code", MADE)
def test_finds_what_people_type(code: str, tmp_path: Path) -> None:
    """MRR@10 of each kind at least .93, and nothing is found for no query."""
    world = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    queries: list[Query] = [(kind, query, at) for kind, query, at in world["queries"]]
    queries += [
        (kind, query, at) for at, (title, *_) in enumerate(world["articles"]) for kind, query in MADE[code](title)
    ]
    answers = ask(built(tmp_path, code, documents(world["articles"])), code, *(query for _, query, _ in queries))
    ranks, missed = defaultdict[str, list[float]](list), []
    for (kind, query, at), answer in zip(queries, answers, strict=True):
        urls = [one["url"] for one in answer["results"]]
        place = urls.index(f"a/{at}/") + 1 if f"a/{at}/" in urls else 0
        ranks[kind].append(1 / place if place else 0)
        if place != 1:
            missed.append((kind, query, world["articles"][at][0], answer["results"][0]["title"] if urls else ""))
    assert all(answer["total"] for answer in answers), [row for row in missed if not row[3]]
    means = {kind: sum(values) / len(values) for kind, values in ranks.items()}
    assert min(means.values()) >= 0.93, (means, missed)
    assert sum(map(len, ranks.values())) > 150
