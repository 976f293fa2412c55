"""A page as its tags: what tests ask of files without a browser."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path


class Document(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags.append((tag, known))
        if "id" in known:
            self.ids.append(known["id"])

    def all(self, name: str, /, **wanted: str) -> list[dict[str, str]]:
        """Attributes of every `name` element with these attributes."""
        return [a for tag, a in self.tags if tag == name and all(a.get(k) == v for k, v in wanted.items())]


@lru_cache(maxsize=4096)
def parsed(path: Path) -> Document:
    """The page at `path`."""
    return Document(path.read_text("utf-8"))
