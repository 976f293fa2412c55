#!/usr/bin/env python3
"""A small CMS with a JSON API, to try the provider `http` with and to learn from. Standard library alone.

    HC_TOKEN=secret HC_HOOK=secret python3 server.py --port 8000 --store cms.json

It keeps documents (folders and articles, one a language), files and redirects in one JSON file, and shows published
articles to everybody. `cms.yml` beside it tells hcgen how to speak to it. It is an example, not a product: one process,
everything in memory.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import re
import threading
import time
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

PAGE = 10
"""Documents of one page of a listing."""
REPLAY_WINDOW = 300
"""Seconds that a webhook may be old."""
WRITABLE = {
    "site", "lang", "type", "parent", "group", "slug", "title", "html", "summary", "tags", "order", "internal",
    "outdated", "status", "meta",
}  # fmt: skip
# What editors of this CMS may not write.
DROPPED = (
    re.compile(r"<(script|style|iframe)\b.*?</\1\s*>", re.I | re.S),
    re.compile(r"""\s(?:on[a-z]+|style)\s*=\s*("[^"]*"|'[^']*')""", re.I),
)


class Fault(Exception):
    """What is answered instead."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Store:
    """All that the CMS knows, in memory and in one file."""

    def __init__(self, path: Path | None, languages: tuple[str, ...]) -> None:
        self.path, self.languages, self.lock = path, languages, threading.RLock()
        self.documents: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.redirects: dict[str, dict[str, str]] = {}
        self.deliveries: dict[str, Any] = {}
        if path and path.is_file():
            for name, value in json.loads(path.read_text("utf-8")).items():
                setattr(self, name, value)

    def save(self) -> None:
        if self.path:
            kept = {name: getattr(self, name) for name in ("documents", "files", "redirects", "deliveries")}
            self.path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")

    def create(self, given: dict[str, Any], editor: str) -> dict[str, Any]:
        number = str(1000 + len(self.documents) + 1)
        made = {"id": number, "group": given.get("group") or f"g{number}", "version": 0, "draft": None, "parent": ""}
        self.documents[number] = made
        try:
            return self.change(number, given, editor)
        except Fault:
            del self.documents[number]
            raise

    def change(self, id: str, given: dict[str, Any], editor: str) -> dict[str, Any]:
        """Puts fields into a document. An equal write changes nothing."""
        unknown = sorted(given.keys() - WRITABLE)
        if unknown:
            raise Fault(422, f"unknown fields: {', '.join(unknown)}")
        if given.get("lang", self.languages[0]) not in self.languages:
            raise Fault(422, f"the language {given['lang']!r} is not enabled")
        if given.get("parent") and given["parent"] not in self.documents:
            raise Fault(422, f"there is no parent {given['parent']!r}")
        if "html" in given:
            for pattern in DROPPED:
                given["html"] = pattern.sub("", given["html"])
        document = self.documents[id]
        new = {**document, **given, "draft": None}
        if new != document or not document["version"]:
            new.update(version=document["version"] + 1, edited_at=_now(), edited_by=editor)
            self.documents[id] = new
            self.save()
        return self.documents[id]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Cms

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PUT(self) -> None:
        self._answer(self._put)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def _answer(self, deed: Any) -> None:
        self.raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        self.parts, self.query = [unquote(one) for one in parts.path.strip("/").split("/")], parse_qs(parts.query)
        media, status = "application/json", 200
        try:
            with self.server.store.lock:
                body = deed()
        except Fault as fault:
            status, body = fault.status, {"error": str(fault)}
        except (ValueError, KeyError, TypeError) as error:
            status, body = 400, {"error": f"{type(error).__name__}: {error}"}
        if isinstance(body, tuple):
            media, data = body
        else:
            data = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _editor(self) -> str:
        """Who asks: the program with its token, or a person with theirs."""
        given = self.headers.get("authorization", "").removeprefix("Bearer ")
        for name, token in self.server.tokens.items():
            if token and hmac.compare_digest(given, token):
                return name
        raise Fault(401, "who are you?")

    def _document(self) -> dict[str, Any]:
        found = self.server.store.documents.get(self.parts[2])
        if found is None:
            raise Fault(404, "there is no such document")
        return found

    # Reading ------------------------------------------------------------------------------------------------------

    def _get(self) -> Any:
        store = self.server.store
        if self.parts[0] != "api":
            return self._page()
        self._editor()
        match self.parts[1:]:
            case ["languages"]:
                return {"languages": [{"code": code} for code in store.languages]}
            case ["documents"]:
                site, lang = self.query["site"][0], self.query["lang"][0]
                wanted = [
                    self._shown(one)
                    for one in store.documents.values()
                    if (one["site"], one["lang"]) == (site, lang) and one["status"] != "archived"
                ]
                return self._some("documents", wanted)
            case ["documents", _]:
                return self._shown(self._document())
            case ["files"]:
                site = self.query["site"][0]
                return self._some("files", [one for one in store.files.values() if one["site"] == site])
            case ["redirects"]:
                return {"redirects": list(store.redirects.values())}
            case ["deliveries"]:
                return {"deliveries": list(store.deliveries.values())}
        raise Fault(404, "there is nothing here")

    def _some(self, name: str, every: list[Any]) -> dict[str, Any]:
        """One page, and the address of the next."""
        at = int(self.query.get("from", ["0"])[0])
        rest = "&".join(f"{key}={quote(value[0])}" for key, value in self.query.items() if key != "from")
        following = f"/api/{name}?{rest}&from={at + PAGE}" if len(every) > at + PAGE else None
        return {name: every[at : at + PAGE], "next": following}

    def _shown(self, document: dict[str, Any]) -> dict[str, Any]:
        address = "/".join(quote(document[name]) for name in ("site", "lang"))
        return {**document, "url": f"{self.server.address}/{address}/{document['id']}-{quote(document['slug'])}"}

    def _page(self) -> Any:
        """What readers get."""
        store = self.server.store
        if self.parts[0] == "files":
            found = store.files.get("/".join(self.parts[1:2]))
            if found is None:
                raise Fault(404, "there is no such file")
            return found["type"], bytes.fromhex(found["data"])
        document = store.documents.get(self.parts[-1].partition("-")[0])
        if document is None or document["status"] != "published":
            raise Fault(404, "there is no such page")
        html = (
            f"<!doctype html><html lang={document['lang']}><title>{document['title']}</title>{document['html']}</html>"
        )
        return "text/html; charset=utf-8", html.encode()

    # Writing ------------------------------------------------------------------------------------------------------

    def _post(self) -> Any:
        store = self.server.store
        if self.parts == ["hooks"]:
            return self._delivered()
        editor = self._editor()
        match self.parts[1:]:
            case ["documents"]:
                return self._shown(store.create(json.loads(self.raw), editor))
            case ["documents", id, "restore"]:
                self._document()
                return self._shown(store.change(id, {"status": "draft"}, editor))
            case ["files"]:
                return self._uploaded()
        raise Fault(404, "there is nothing here")

    def _put(self) -> Any:
        store, editor = self.server.store, self._editor()
        given = json.loads(self.raw)
        match self.parts[1:]:
            case ["documents", id]:
                version = self.headers.get("if-match", "").strip('"')
                if version and version != str(self._document()["version"]):
                    raise Fault(412, "somebody changed it in between")
                self._document()
                return self._shown(store.change(id, given, editor))
            case ["documents", _, "draft"]:
                self._document()["draft"] = given
                return {}
            case ["redirects"]:
                store.redirects[given["site"] + given["from"]] = given
                store.save()
                return given
        raise Fault(404, "there is nothing here")

    def _delete(self) -> Any:
        self._editor()
        self._document()
        return self.server.store.change(self.parts[2], {"status": "archived"}, "archive")

    def _uploaded(self) -> Any:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = {
            str(part.get_param("name", header="content-disposition")): part
            for part in BytesParser(policy=HTTP).parsebytes(head + self.raw).iter_parts()  # type: ignore[attr-defined]
        }
        data = parts["file"].get_payload(decode=True)
        form = {name: part.get_payload(decode=True).decode() for name, part in parts.items() if name != "file"}
        id = f"{form['digest']}-{form['site']}"
        name = parts["file"].get_filename() or "file"
        self.server.store.files[id] = {
            "id": id, "site": form["site"], "digest": form["digest"], "name": name, "data": data.hex(),
            "type": parts["file"].get_content_type(), "url": f"{self.server.address}/files/{id}/{quote(name)}",
        }  # fmt: skip
        self.server.store.save()
        return {name: value for name, value in self.server.store.files[id].items() if name != "data"}

    def _delivered(self) -> Any:
        """A webhook: believed only if it is signed, fresh, and new."""
        stamp, given = self.headers.get("hcgen-timestamp", ""), self.headers.get("hcgen-signature", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > REPLAY_WINDOW:
            raise Fault(400, "the delivery is too old, or has no time")
        wanted = hmac.new(self.server.hook.encode(), f"{stamp}.".encode() + self.raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, f"v1={wanted}"):
            raise Fault(401, "the signature is wrong")
        self.server.store.deliveries.setdefault(self.headers["hcgen-delivery"], json.loads(self.raw))
        return {}


class Cms(ThreadingHTTPServer):
    """The server. Without `path` nothing is kept."""

    daemon_threads = True

    def __init__(
        self, port: int, path: Path | None, *, token: str, person: str = "", hook: str = "",
        languages: tuple[str, ...] = ("en-us", "de"),
    ) -> None:  # fmt: skip
        super().__init__(("127.0.0.1", port), Handler)
        self.store, self.hook = Store(path, languages), hook
        self.tokens = {"hcgen": token, "person": person}
        self.address = f"http://127.0.0.1:{self.server_port}"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--store", type=Path, default=Path("cms.json"))
    given = parser.parse_args()
    cms = Cms(given.port, given.store, token=os.environ["HC_TOKEN"], hook=os.environ.get("HC_HOOK", ""))
    print(f"serving {cms.address}")
    cms.serve_forever()


if __name__ == "__main__":
    main()
