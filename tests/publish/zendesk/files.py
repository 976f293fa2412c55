"""The endpoints of files and redirect rules. Knows no socket.

Source: the vendor's Help Center API reference (article attachments, guide medias, redirect rules).
"""

from __future__ import annotations

import base64
from typing import Any

from tests.publish.zendesk.api import (
    LOCALE,
    Refusal,
    Request,
    Response,
    cursor_of,
    find,
    guide_error,
    invalid,
    not_found,
    number_of,
    paged,
    route,
)
from tests.publish.zendesk.state import Attachment, Item

LARGEST = 20 * 1024 * 1024


def _attachment(request: Request, one: Attachment) -> dict[str, Any]:
    return {
        "id": one.id, "article_id": one.article, "file_name": one.file_name, "content_type": one.content_type,
        "content_url": f"{request.brand.url}/hc/article_attachments/{one.id}", "size": len(one.data),
        "inline": one.inline, "locale": one.locale, "display_file_name": one.file_name,
        "url": f"{request.brand.url}/api/v2/help_center/articles/attachments/{one.id}.json",
    }  # fmt: skip


# Files ----------------------------------------------------------------------------------------------------------


def _attach(request: Request, article: Item | None) -> Response:
    account, brand = request.brand.account, request.brand
    for name in request.form.keys() - {"inline", "locale", "guide_media_id"}:
        raise invalid(f"{name} is not a property of article_attachment")
    inline = request.form.get("inline", "false") == "true"
    code = request.form.get("locale")
    if code and code not in brand.locales:
        raise invalid(f"locale {code} is not enabled")
    if code and not inline:
        raise invalid("locale can only be set on inline attachments")
    media = request.form.get("guide_media_id")
    if media:
        if media not in brand.medias:
            raise invalid("guide_media_id does not exist")
        kept = brand.medias[media]
        name, kind, data = kept["name"], kept["content_type"], kept["data"]
    elif "file" in request.files:
        name, kind, data = request.files["file"]
    else:
        raise invalid("file or guide_media_id must be given")
    if len(data) > LARGEST:
        raise Refusal(413, {"error": "AttachmentTooLarge", "description": "the file has more than 20 MB"})
    number = account.number()
    one = Attachment(number, name, kind, data, inline, code, article.id if article else None, account.clock.now())
    brand.attachments[number] = one
    account.made.append(("attachment", brand.name, str(one.article), name))
    return Response(201, {"article_attachment": _attachment(request, one)})


@route("POST", "/help_center/articles/attachments")
def attach_later(request: Request) -> Response:
    return _attach(request, None)


@route("POST", f"/help_center{LOCALE}/articles/(?P<number>\\d+)/attachments")
def attach(request: Request, locale: str | None, number: int) -> Response:
    return _attach(request, find(request, "articles", number))


@route("GET", f"/help_center{LOCALE}/articles/(?P<number>\\d+)/attachments(?P<which>/inline|/block)?")
def attachments(request: Request, locale: str | None, number: int, which: str | None) -> Response:
    item = find(request, "articles", number)
    rows = [one for one in request.brand.attachments.values() if one.article == item.id]
    if which:
        rows = [one for one in rows if one.inline == (which == "/inline")]
    return paged(request, "article_attachments", rows, lambda one: _attachment(request, one))


@route("GET", "/help_center/articles(?:/\\d+)?/attachments/(?P<number>\\d+)")
def attachment(request: Request, number: int) -> Response:
    request.brand.purge()
    if number not in request.brand.attachments:
        raise not_found()
    return Response(json={"article_attachment": _attachment(request, request.brand.attachments[number])})


@route("DELETE", "/help_center/articles/attachments/(?P<number>\\d+)")
def detach(request: Request, number: int) -> Response:
    if request.brand.attachments.pop(number, None) is None:
        raise not_found()
    return Response(204)


@route("POST", f"/help_center{LOCALE}/articles/(?P<number>\\d+)/bulk_attachments")
def associate(request: Request, locale: str | None, number: int) -> Response:
    item = find(request, "articles", number)
    ids = (request.json or {}).get("attachment_ids") or []
    if len(ids) > 20:
        raise invalid("at most 20 attachments at once")
    for one in ids:
        if one not in request.brand.attachments:
            raise not_found()
        request.brand.attachments[one].article = item.id
    return Response(200, {})


@route("POST", "/guide/medias/upload_url")
def upload_url(request: Request) -> Response:
    given = request.json if isinstance(request.json, dict) else {}
    if given.keys() != {"content_type", "file_size"} or not isinstance(given["file_size"], int):
        raise guide_error(400, "BadRequest", "Invalid property")
    if given["file_size"] > LARGEST:
        raise guide_error(400, "BadRequest", "Invalid property")
    number = f"UP{request.brand.account.number()}"
    request.brand.uploads[number] = None
    kind = str(given["content_type"])
    address = {"url": f"{request.brand.url}/uploads/{number}", "asset_upload_id": number}
    headers = {"Content-Type": kind, "X-Amz-Server-Side-Encryption": "AES256"}
    return Response(json={"upload_url": address, "headers": headers})


@route("POST", "/guide/medias")
def create_media(request: Request) -> Response:
    given = request.json if isinstance(request.json, dict) else {}
    if given.keys() != {"asset_upload_id", "filename"}:
        raise guide_error(400, "BadRequest", "Invalid property")
    data = request.brand.uploads.pop(given["asset_upload_id"], None)
    if data is None:
        raise guide_error(400, "BadRequest", "Invalid property")
    number = f"GM{request.brand.account.number()}"
    kept = {"id": number, "name": given["filename"], "content_type": "image/png", "data": data}
    request.brand.medias[number] = kept
    return Response(201, {"media": {**{k: v for k, v in kept.items() if k != "data"}, "url": f"/guide-media/{number}"}})


@route("GET", "/guide/medias/(?P<name>\\w+)")
def show_media(request: Request, name: str) -> Response:
    if name not in request.brand.medias:
        raise guide_error(404, "NotFound", "The Resource could not be found")
    return Response(json={"media": {k: v for k, v in request.brand.medias[name].items() if k != "data"}})


# Redirect rules -------------------------------------------------------------------------------------------------


@route("GET", "/guide/redirect_rules")
def rules(request: Request) -> Response:
    query = request.query
    for given in query:
        if given not in ("page[size]", "page[after]", "page[before]", "sort", "filter[redirect_from_prefix]"):
            raise guide_error(400, "BadRequest", "Invalid property")
    size = number_of(query.get("page[size]", "30"))
    prefix = query.get("filter[redirect_from_prefix]", "")
    after = cursor_of(query["page[after]"]) if "page[after]" in query else ""
    rows = sorted(request.brand.rules.values(), key=lambda rule: str(rule["id"]))
    rows = [rule for rule in rows if rule["redirect_from"].startswith(prefix) and str(rule["id"]) > after]
    page = rows[: min(size, 30)]
    cursor = base64.b64encode(str(page[-1]["id"]).encode()).decode() if page else None
    meta = {"has_more": len(rows) > len(page), "after_cursor": cursor, "before_cursor": None}
    return Response(json={"records": page, "meta": meta})


@route("POST", "/guide/redirect_rules")
def set_rule(request: Request) -> Response:
    given = (request.json or {}).get("redirect_rule") if isinstance(request.json, dict) else None
    if not isinstance(given, dict) or given.keys() - {"brand_id", "redirect_from", "redirect_to", "redirect_status"}:
        raise guide_error(400, "BadRequest", "Invalid property")
    old, new, status = (given.get(name) for name in ("redirect_from", "redirect_to", "redirect_status"))
    if not isinstance(old, str) or not old.startswith("/") or old.startswith("/knowledge/"):
        raise guide_error(400, "BadRequest", "Invalid property redirect_from")
    if not isinstance(new, str) or not new.startswith(("https://", "http://", "/")):
        raise guide_error(400, "BadRequest", "Invalid property redirect_to")
    if str(status) not in ("301", "302", "303", "307", "308"):
        raise guide_error(400, "BadRequest", "Invalid property redirect_status")
    brand = request.brand
    if old not in brand.rules and len(brand.rules) >= brand.account.rule_limit:
        raise guide_error(400, "BadRequest", "There are as many rules as a brand may have")
    number = brand.rules[old]["id"] if old in brand.rules else f"RR{brand.account.number()}"
    brand.rules[old] = {
        "id": number, "brand_id": str(brand.id), "redirect_from": old, "redirect_to": new,
        "redirect_status": str(status),
    }  # fmt: skip
    return Response(204)


@route("GET", "/guide/redirect_rules/(?P<name>\\w+)")
def show_rule(request: Request, name: str) -> Response:
    for rule in request.brand.rules.values():
        if rule["id"] == name:
            return Response(json={"redirect_rule": rule})
    raise guide_error(404, "NotFound", "The Resource could not be found")


@route("DELETE", "/guide/redirect_rules/(?P<name>\\w+)")
def delete_rule(request: Request, name: str) -> Response:
    for old, rule in list(request.brand.rules.items()):
        if rule["id"] == name:
            del request.brand.rules[old]
            return Response(204)
    raise guide_error(404, "NotFound", "The Resource could not be found")
