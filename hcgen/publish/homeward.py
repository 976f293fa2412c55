"""Addresses of a target as links of a source file: pages as relative paths to Markdown, files as files of the project.

Knows what stands where, and no text. What it does not know it leaves as it is.
"""

from __future__ import annotations

import html
import posixpath
import re
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct, field

from hcgen.publish.references import Reference, read_reference
from hcgen.publish.values import Kind

_PICTURE = re.compile(r"<img\b[^<>]*>")
_SIDE = re.compile(r'\s(width|height)="(\d{1,5})"')
_ATTRIBUTE = re.compile(r'(?<=[\s"])(href|src)="([^"]*)"')
# Many help centers let any words follow an article's number.
_WORDS_BEHIND = re.compile(r"(/\d{2,})-[^/]*$")


class Place(Struct, frozen=True):
    """Where a page comes from: the language and the path below it, `payments/index.md` for a folder."""

    locale: str
    path: str


class Found(Struct, frozen=True):
    """An address in a body: of a picture or a link, whole, with its fragment apart."""

    url: str
    fragment: str
    is_picture: bool


class Homeward(Struct):
    """Everything that has an address over there. `files` maps addresses and digests to paths below a language,
    `sizes` paths of pictures to their own width and height."""

    pages: dict[str, Place] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def learn_page(self, url: str, place: Place) -> None:
        """A page's address, in every form that leads there."""
        if url:
            self.pages[plain(url)] = place

    def learn_file(self, name: str, path: str) -> None:
        """A file by its address, or by its digest."""
        self.files[plain(name) if "://" in name else name] = path

    def body(self, body: str, at: Place, base: str) -> str:
        """`body`, which was read at `base`, with the addresses that are written in a file at `at`."""

        def put(match: re.Match[str]) -> str:
            known = self._known(html.unescape(match[2]), at, base)
            return match[0] if known is None else f'{match[1]}="{html.escape(known)}"'

        def unsized(match: re.Match[str]) -> str:
            source = _ATTRIBUTE.search(match[0])
            name = self._file(html.unescape(source[2]), base) if source else None
            size = self.sizes.get(name or "", (0, 0))
            return _without_size(match[0], *size) if all(size) else match[0]

        return _ATTRIBUTE.sub(put, _PICTURE.sub(unsized, body))

    def strangers(self, body: str, base: str) -> list[Found]:
        """The addresses of `body` that lead to no page and no file that is known, each once."""
        found = []
        for name, raw in _ATTRIBUTE.findall(body):
            raw = html.unescape(raw)
            if raw.startswith("#") or read_reference(raw):
                continue
            whole, _, fragment = urljoin(base, raw).partition("#")
            if urlsplit(whole).scheme not in ("http", "https"):
                continue
            if plain(whole) not in self.pages and plain(whole) not in self.files:
                found.append(Found(whole, fragment, name == "src"))
        return list(dict.fromkeys(found))

    def _known(self, raw: str, at: Place, base: str) -> str | None:
        reference = read_reference(raw)
        if reference:
            return self._referenced(*reference, at)
        if raw.startswith("#"):
            return None
        whole, _, fragment = urljoin(base, raw).partition("#")
        page = self.pages.get(plain(whole))
        if page:
            if page == at and fragment:
                return f"#{fragment}"
            return path_between(at, page) + (f"#{fragment}" if fragment else "")
        file = self._file(raw, base)
        return file_between(at, file) if file else None

    def _file(self, raw: str, base: str) -> str | None:
        reference = read_reference(raw)
        if reference:
            return self.files.get(reference[0].scope) if reference[0].kind == "asset" else None
        return self.files.get(plain(urljoin(base, raw)))

    def _referenced(self, one: Reference, anchor: str, at: Place) -> str | None:
        if one.kind == "asset":
            file = self.files.get(one.scope)
            return file_between(at, file) if file else None
        ending = ".md" if one.kind == Kind.ARTICLE else "/index.md"
        page = Place(one.scope, one.name + ending)
        return anchor if page == at and anchor else path_between(at, page) + anchor


def plain(url: str) -> str:
    """An address as it is compared: without query, fragment, words behind a number, and what changes nothing."""
    parts = urlsplit(url)
    path = _WORDS_BEHIND.sub(r"\1", unquote(parts.path).rstrip("/"))
    return f"{parts.netloc.lower()}{path}"


def path_between(at: Place, page: Place) -> str:
    """How a file names another one: relative in its own language, from the root in another."""
    if page.locale != at.locale:
        return f"/{page.locale}/{page.path}"
    return file_between(at, page.path)


def file_between(at: Place, path: str) -> str:
    """The relative path from a file to what lies at `path` below the language."""
    return posixpath.relpath(path, posixpath.dirname(at.path) or ".")


def _without_size(picture: str, width: int, height: int) -> str:
    """A picture without the sides that a page gives it by itself: both, or the one that follows from the other."""
    sides = {name: int(value) for name, value in _SIDE.findall(picture)}
    if sides == {"width": width, "height": height}:
        return _SIDE.sub("", picture)
    if sides.keys() == {"width", "height"} and sides["height"] == max(1, round(sides["width"] * height / width)):
        return _SIDE.sub(lambda one: one[0] if one[1] == "width" else "", picture)
    return picture
