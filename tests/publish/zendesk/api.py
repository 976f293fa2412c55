"""What every endpoint needs: requests and answers, errors as the vendor words them, the way to them, pages.

Sources: the vendor's API reference (introduction, pagination) and its Help Center API reference.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.publish.zendesk.state import Brand, Item


@dataclass
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    brand: Brand
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, str, bytes]] = field(default_factory=dict)
    data: bytes = b""


@dataclass
class Response:
    status: int = 200
    json: Any = None
    text: str | None = None
    data: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An error as the vendor words it."""

    def __init__(self, status: int, json: Any) -> None:
        super().__init__(json)
        self.response = Response(status, json)


def not_found() -> Refusal:
    return Refusal(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(message: str) -> Refusal:
    return Refusal(400, {"errors": [{"title": "Invalid attribute", "message": message}]})


def guide_error(status: int, code: str, title: str) -> Refusal:
    return Refusal(status, {"errors": [{"code": code, "status": str(status), "title": title, "meta": {}}]})


Endpoint = Callable[..., Response]
_ROUTES: list[tuple[str, re.Pattern[str], Endpoint]] = []
LOCALE = r"(?:/(?P<locale>[a-z]{2,3}(?:-[a-z0-9]+)*))?"
OWNER = r"(?P<owner>articles|sections|categories)"


def route(method: str, pattern: str) -> Callable[[Endpoint], Endpoint]:
    def keep(endpoint: Endpoint) -> Endpoint:
        _ROUTES.append((method, re.compile(f"/api/v2{pattern}(?:\\.json)?"), endpoint))
        return endpoint

    return keep


def handle(request: Request) -> Response:
    """The answer of the API to a request that may pass."""
    for method, pattern, endpoint in _ROUTES:
        match = pattern.fullmatch(request.path)
        if match and method == request.method:
            try:
                given = {
                    name: int(value) if value and name in ("number", "other") else value
                    for name, value in match.groupdict().items()
                }
                locale = given.get("locale")
                if locale and locale not in request.brand.locales:
                    raise not_found()
                return endpoint(request, **given)
            except Refusal as refusal:
                return refusal.response
    return Response(404, {"error": "InvalidEndpoint", "description": "Not found"})


# Pages ----------------------------------------------------------------------------------------------------------


def paged(request: Request, name: str, rows: Sequence[Any], show: Callable[[Any], dict[str, Any]]) -> Response:
    """Cursor pages where `page[...]` is asked for, else pages by number."""
    query = request.query
    for given in query:
        known = ("page[size]", "page[after]", "page[before]", "page", "per_page", "include", "sort_by", "sort_order",
                 "label_names", "start_time", "locales", "outdated", "draft")  # fmt: skip
        if given not in known:
            raise Refusal(400, {"error": "InvalidValue", "description": f"unknown parameter {given}"})
    url = f"{request.brand.url}{request.path}"
    if "page[size]" in query or "page[after]" in query:
        size = number_of(query.get("page[size]", "30"))
        if not 1 <= size <= 100:
            raise Refusal(400, {"error": "InvalidPaginationSize", "description": "page[size] must be 1 to 100"})
        size = min(size, request.brand.account.page_size)
        after = cursor_of(query["page[after]"]) if "page[after]" in query else ""
        rest = [row for row in rows if f"{row.id:>20}" > after]
        page = rest[:size]
        more = len(rest) > size
        cursor = base64.b64encode(f"{page[-1].id:>20}".encode()).decode() if page else None
        following = f"{url}?page%5Bafter%5D={cursor}&page%5Bsize%5D={size}" if more else None
        links = {"first": f"{url}?page%5Bsize%5D={size}", "next": following, "prev": None}
        meta = {"has_more": more, "aftercursor_of": cursor, "beforecursor_of": None}
        return Response(json={name: [show(row) for row in page], "links": links, "meta": meta})
    size = min(number_of(query.get("per_page", "30")), 100)
    number = number_of(query.get("page", "1"))
    if number * size > 10_000:
        raise Refusal(400, {"error": "InvalidPaginationDepth", "description": "use cursor pagination beyond 10,000"})
    page = rows[(number - 1) * size : number * size]
    pages = -(-len(rows) // size)
    following = f"{url}?page={number + 1}&per_page={size}" if number < pages else None
    counted = {"count": len(rows), "page": number, "page_count": pages, "per_page": size, "next_page": following}
    return Response(json={name: [show(row) for row in page], **counted, "previous_page": None})


def number_of(text: str) -> int:
    if not text.isdigit():
        raise Refusal(400, {"error": "InvalidValue", "description": f"{text} is no number"})
    return int(text)


def cursor_of(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except ValueError as error:
        raise Refusal(400, {"error": "InvalidPaginationParameter", "description": "bad cursor"}) from error


KIND = {"articles": "article", "sections": "section", "categories": "category"}


def find(request: Request, owner: str, number: int) -> Item:
    """A thing by its id; 404 where it is not, or is of another kind."""
    item = request.brand.items.get(number)
    if item is None or item.kind != KIND[owner]:
        raise not_found()
    return item


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
