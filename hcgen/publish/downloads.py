"""Files over there that a text names, and the places that they get beside it. Pure: fetches nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from hcgen.publish.homeward import Found, Homeward, Place

_NAME = re.compile(r"[^\w.-]+")
_LONGEST = 80
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"))
# What help centers put files below.
_SHELVES = re.compile(r"/(?:article_attachments|guide-media|documents|media|uploads|files)/")


class Download(Struct, frozen=True):
    """A file over there and the path in the project that it goes to."""

    url: str
    path: str


class Shelf(Struct):
    """Gives files their places. `taken` are paths of the project, `names` what files are called over there by address,
    `host` is the target's own."""

    taken: frozenset[str]
    names: Mapping[str, str]
    host: str
    found: dict[str, Download] = field(default_factory=dict)

    def take(self, home: Homeward, body: str, base: str, root: str, at: Place) -> None:
        """Places for the pictures of `body`, and for other files of the target itself; `home` learns them.

        `root` is the folder of the languages, `base` the address that `body` was read at.
        """
        for one in home.strangers(body, base):
            if not (one.is_picture or one.url in self.names or self._is_file(one)):
                continue
            if one.url not in self.found:
                name = _file_name(one, self.names.get(one.url, ""))
                is_picture = one.is_picture or posixpath.splitext(name)[1].lower() in _PICTURES
                folder = posixpath.join(posixpath.dirname(at.path), "images" if is_picture else "files")
                self.found[one.url] = Download(one.url, self._free(f"{root}/{at.locale}", folder, name))
            home.learn_file(one.url, self.found[one.url].path.removeprefix(f"{root}/{at.locale}/"))

    def _is_file(self, one: Found) -> bool:
        parts = urlsplit(one.url)
        return parts.netloc == self.host and _SHELVES.search(parts.path) is not None

    def _free(self, root: str, folder: str, name: str) -> str:
        taken = {one.path for one in self.found.values()} | self.taken
        stem, ending = posixpath.splitext(name)
        count, path = 1, posixpath.join(root, folder, name)
        while path in taken:
            count += 1
            path = posixpath.join(root, folder, f"{stem}-{count}{ending}")
        return path


def _file_name(one: Found, known: str) -> str:
    name = known or unquote(posixpath.basename(urlsplit(one.url).path)) or "file"
    stem, ending = posixpath.splitext(name)
    clean = _NAME.sub("-", stem).strip("-._")[:_LONGEST] or "file"
    return clean + (_NAME.sub("", ending) or (".png" if one.is_picture else ""))
