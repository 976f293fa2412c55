"""How a static host answers: which file for which path, which headers, which 404. Pure but for reading the tree."""

from __future__ import annotations

import mimetypes
import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

_TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".js": "text/javascript; charset=utf-8",
          ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".xml": "application/xml", ".webp": "image/webp",
          ".txt": "text/plain; charset=utf-8"}  # fmt: skip
# For servers, not for readers; like what begins with "_".
_SETTINGS = ("headers.nginx.conf", "headers.caddy")


class Answer(Struct, frozen=True):
    """One answer: status, headers, and the bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Mount(Struct, frozen=True):
    """One brand of the tree: its folder, and the path its pages believe to be served under."""

    folder: Path
    brand: str
    base_path: str


def answer(site: Path, mounts: tuple[Mount, ...], raw_path: str) -> Answer:
    """The answer to a GET of `raw_path` for the tree `site`."""
    try:
        parts = urlsplit(raw_path)
    except ValueError:
        return Answer(400, (("Content-Type", "text/plain"),), b"bad address\n")
    path = posixpath.normpath(unquote(parts.path, errors="replace")).lstrip("/")
    if "\x00" in path or path.startswith(".."):
        return Answer(400, (("Content-Type", "text/plain"),), b"bad path\n")
    target = site / path
    if any(len(part.encode("utf-8", "replace")) > 255 for part in path.split("/")):
        return Answer(404, (("Content-Type", "text/plain"),), b"not found\n")
    if not target.resolve().is_relative_to(site.resolve()):
        return Answer(404, (("Content-Type", "text/plain"),), b"not found\n")
    mount = next((one for one in mounts if path == one.brand or path.startswith(f"{one.brand}/")), None)
    headers = _headers(mount, path)
    redirect = _redirect(mount, path)
    if redirect:
        return Answer(301, (("Location", redirect),), b"")
    if target.is_dir():
        if not parts.path.endswith("/"):
            return Answer(301, (("Location", parts.path + "/"),), b"")
        target = target / "index.html"
    if target.is_file() and not target.name.startswith((".", "_", *_SETTINGS)):
        kind = _TYPES.get(target.suffix) or mimetypes.guess_type(target.name)[0] or "application/octet-stream"
        return Answer(200, (("Content-Type", kind), *headers), target.read_bytes())
    return Answer(404, (("Content-Type", _TYPES[".html"]), *headers), _not_found(site, mount, path))


def _headers(mount: Mount | None, path: str) -> tuple[tuple[str, str], ...]:
    """What the brand's `_headers` file says for a path: the rules that match, the later ones winning."""
    file = mount.folder / "_headers" if mount else None
    if mount is None or file is None or not file.is_file():
        return ()
    asked = mount.base_path + path[len(mount.brand) + 1 :]
    found: dict[str, str] = {}
    applies = False
    for line in file.read_text("utf-8").splitlines():
        if not line.startswith(" "):
            applies = asked.startswith(line.rstrip("*"))
        elif applies:
            name, _, value = line.strip().partition(": ")
            found[name] = value
    # A browser must not keep what the next save replaces.
    found["Cache-Control"] = "no-cache"
    return tuple(found.items())


def _redirect(mount: Mount | None, path: str) -> str | None:
    """Where `_redirects` sends a path, as an address of this server."""
    file = mount.folder / "_redirects" if mount else None
    if mount is None or file is None or not file.is_file():
        return None
    asked = mount.base_path + path[len(mount.brand) + 1 :]
    for line in file.read_text("utf-8").splitlines():
        old, _, rest = line.partition(" ")
        new, _, status = rest.partition(" ")
        if status == "301" and unquote(old).rstrip("/") == asked.rstrip("/") and new.startswith(mount.base_path):
            return f"/{mount.brand}/{new[len(mount.base_path) :]}"
    return None


def _not_found(site: Path, mount: Mount | None, path: str) -> bytes:
    """The 404 of the nearest language, its addresses moved to where this server has the brand."""
    if mount is None:
        return b"<!doctype html><title>404</title><h1>404</h1>\n"
    language = path.split("/")[1] if "/" in path else ""
    page = mount.folder / language / "404.html"
    page = page if page.is_file() else mount.folder / "404.html"
    if not page.is_file():
        return b"<!doctype html><title>404</title><h1>404</h1>\n"
    data = page.read_bytes()
    home = f"/{mount.brand}/"
    if mount.base_path == home:
        return data
    for attribute in (b"href", b"src", b"action", b"data-search"):
        data = data.replace(attribute + b'="' + mount.base_path.encode(), attribute + b'="' + home.encode())
    return data
