"""The endpoints of folders, articles and translations: what each takes, gives and refuses. Knows no socket.

Source: the vendor's Help Center API reference (articles, sections, categories, translations, user segments, permission
groups).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.publish.zendesk.api import (
    KIND,
    LOCALE,
    OWNER,
    Refusal,
    Request,
    Response,
    find,
    invalid,
    not_found,
    paged,
    route,
)
from tests.publish.zendesk.sanitise import sanitise
from tests.publish.zendesk.state import Account, Item, Translation

_ARTICLE = {
    "title", "body", "locale", "permission_group_id", "user_segment_id", "user_segment_ids", "label_names",
    "content_tag_ids", "promoted", "position", "comments_disabled", "draft", "author_id", "translations", "section_id",
}  # fmt: skip
_FOLDER = {"name", "description", "locale", "position", "translations", "category_id", "parent_section_id",
           "theme_template", "sorting"}  # fmt: skip
_TRANSLATION = {"locale", "title", "body", "draft", "outdated"}
_READ_ONLY = {
    "id", "url", "html_url", "created_at", "updated_at", "edited_at", "outdated", "outdated_locales", "source_locale",
    "vote_sum", "vote_count", "updated_by_id", "created_by_id", "source_id", "source_type", "name",
}  # fmt: skip


# What objects look like -----------------------------------------------------------------------------------------


def _public(request: Request, item: Item, one: Translation) -> str:
    words = re.sub(r"[^\w]+", "-", one.title).strip("-")
    kinds = {"article": "articles", "section": "sections", "category": "categories"}
    return f"{request.brand.url}/hc/{one.locale}/{kinds[item.kind]}/{item.id}-{words}"


def _shown(request: Request, item: Item, locale: str | None) -> dict[str, Any]:
    one = item.translations.get(locale or item.source_locale)
    if one is None:
        raise not_found()
    kinds = {"article": "articles", "section": "sections", "category": "categories"}
    common = {
        "id": item.id, "url": f"{request.brand.url}/api/v2/help_center/{one.locale}/{kinds[item.kind]}/{item.id}.json",
        "html_url": _public(request, item, one), "position": item.position, "locale": one.locale,
        "source_locale": item.source_locale, "created_at": item.created_at, "updated_at": item.updated_at,
    }  # fmt: skip
    if item.kind != "article":
        folder = {**common, "name": one.title, "description": one.body, "outdated": one.outdated}
        if item.kind == "section":
            folder |= {"category_id": item.category, "parent_section_id": item.parent or None, "sorting": "manual"}
        return folder
    return {
        **common, "title": one.title, "name": one.title, "body": request.brand.shown(one.body), "draft": one.draft,
        "edited_at": one.edited_at, "outdated": False, "section_id": item.parent,
        "outdated_locales": [locale for locale, other in item.translations.items() if other.outdated],
        "permission_group_id": item.permission_group_id, "user_segment_id": item.user_segment_id,
        "user_segment_ids": [item.user_segment_id] if item.user_segment_id else [], "label_names": item.label_names,
        "content_tag_ids": item.content_tag_ids, "promoted": item.promoted, "author_id": item.author_id,
        "comments_disabled": item.comments_disabled, "vote_sum": 0, "vote_count": 0,
    }  # fmt: skip


def _translation(request: Request, item: Item, one: Translation) -> dict[str, Any]:
    plural = {"article": "articles", "section": "sections", "category": "categories"}[item.kind]
    return {
        "id": one.id,
        "url": f"{request.brand.url}/api/v2/help_center/{plural}/{item.id}/translations/{one.locale}.json",
        "html_url": _public(request, item, one), "source_id": item.id, "source_type": item.kind.capitalize(),
        "locale": one.locale, "title": one.title, "body": request.brand.shown(one.body), "draft": one.draft,
        "outdated": one.outdated, "hidden": False, "created_at": one.created_at, "updated_at": one.updated_at,
        "created_by_id": 1, "updated_by_id": one.updated_by_id,
    }  # fmt: skip


# Locales, segments, groups --------------------------------------------------------------------------------------


@route("GET", "/brands")
def brands(request: Request) -> Response:
    rows = [
        {"id": one.id, "name": one.name, "subdomain": one.name, "host_mapping": None, "brand_url": one.url,
         "has_help_center": True, "help_center_state": "enabled", "active": True, "default": at == 0}
        for at, one in enumerate(request.brand.account.brands.values())
    ]  # fmt: skip
    return Response(json={"brands": rows, "count": len(rows), "next_page": None, "previous_page": None})


@route("GET", "/help_center/locales")
def locales(request: Request) -> Response:
    return Response(json={"locales": list(request.brand.locales), "default_locale": request.brand.locales[0]})


@route("GET", "/help_center/user_segments")
def segments(request: Request) -> Response:
    rows = [{"id": id, "name": name, "built_in": id == 41} for id, name in request.brand.account.user_segments.items()]
    return Response(json={"user_segments": rows})


@route("GET", "/guide/permission_groups")
def groups(request: Request) -> Response:
    rows = [{"id": id, "name": name} for id, name in request.brand.account.permission_groups.items()]
    return Response(json={"permission_groups": rows})


# Folders and articles: listing, showing, deleting ---------------------------------------------------------------


@route("GET", f"/help_center{LOCALE}/{OWNER}")
def listing(request: Request, locale: str | None, owner: str) -> Response:
    rows = request.brand.of(KIND[owner], locale)
    return paged(request, owner, rows, lambda item: _shown(request, item, locale))


@route("GET", f"/help_center{LOCALE}/categories/(?P<number>\\d+)/sections")
def sections_in(request: Request, locale: str | None, number: int) -> Response:
    category = find(request, "categories", number)
    rows = [one for one in request.brand.of("section", locale) if one.category == category.id]
    return paged(request, "sections", rows, lambda item: _shown(request, item, locale))


@route("GET", f"/help_center{LOCALE}/sections/(?P<number>\\d+)/(?P<owner>articles|sections)")
def inside(request: Request, locale: str | None, number: int, owner: str) -> Response:
    section = find(request, "sections", number)
    rows = [one for one in request.brand.of(KIND[owner], locale) if one.parent == section.id]
    return paged(request, owner, rows, lambda item: _shown(request, item, locale))


@route("GET", "/help_center/incremental/articles")
def incremental(request: Request) -> Response:
    since = float(request.query.get("start_time", "0"))
    rows = [one for one in request.brand.of("article") if _seconds(one.updated_at) >= since]
    return paged(request, "articles", rows, lambda item: _shown(request, item, None))


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()


@route("GET", f"/help_center{LOCALE}/{OWNER}/(?P<number>\\d+)")
def show(request: Request, locale: str | None, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    shown = _shown(request, item, locale)
    if request.query.get("include") == "translations":
        shown["translations"] = [_translation(request, item, one) for one in item.translations.values()]
    return Response(json={item.kind: shown})


@route("DELETE", f"/help_center{LOCALE}/{OWNER}/(?P<number>\\d+)")
def delete(request: Request, locale: str | None, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    brand = request.brand
    gone = [item.id]
    while True:
        # A folder takes with it what stands in it.
        around = set(gone)
        inner = [one.id for one in brand.items.values() if {one.parent, one.category} & around and one.id not in around]
        if not inner:
            break
        gone += inner
    for number in gone:
        one = brand.items.pop(number)
        if one.kind == "article":
            brand.archived[number] = one
    return Response(204)


# Making and changing --------------------------------------------------------------------------------------------


def _object(request: Request, name: str, known: set[str], *, root: set[str] | None = None) -> dict[str, Any]:
    """The object of a request's body. What nobody knows is refused."""
    if not isinstance(request.json, dict) or not isinstance(request.json.get(name), dict):
        raise Refusal(400, {"error": "InvalidBody", "description": f"the body must hold {name}"})
    for outer in request.json.keys() - {name} - (root or set()):
        raise invalid(f"unknown property {outer}")
    given: dict[str, Any] = request.json[name]
    for inner in given.keys() - known - _READ_ONLY:
        raise invalid(f"{inner} is not a property of {name}")
    return given


def _texts(request: Request, given: Mapping[str, Any], locale: str | None, names: tuple[str, str]) -> list[Any]:
    """The translations that a new thing gets, its source language first."""
    account, brand = request.brand.account, request.brand
    found: dict[str, Translation] = {}
    draft = bool(given.get("draft", False))
    source = locale or given.get("locale")
    if given.get(names[0]) and source:
        text = given.get(names[1]) or ""
        found[source] = account.translation(source, given[names[0]], text, draft=draft)
    for one in given.get("translations") or ():
        for name in one.keys() - _TRANSLATION - _READ_ONLY:
            raise invalid(f"{name} is not a property of translation")
        if not one.get("locale") or not one.get("title"):
            raise invalid("a translation needs locale and title")
        if one["locale"] in found:
            raise invalid(f"translations: {one['locale']} has already been taken")
        own = bool(one.get("draft", draft))
        found[one["locale"]] = account.translation(
            one["locale"], one["title"], one.get("body") or "", draft=own, outdated=bool(one.get("outdated", False))
        )
    if not found:
        raise invalid(f"{names[0]} and locale must be given")
    for code in found:
        if code not in brand.locales:
            raise invalid(f"locale {code} is not enabled")
    if source and source in found:
        return [found.pop(source), *found.values()]
    return list(found.values())


def _keep(request: Request, kind: str, texts: list[Translation], **fields: Any) -> Item:
    account, brand = request.brand.account, request.brand
    now = account.time()
    number = account.number()
    translations = {one.locale: one for one in texts}
    item = Item(number, kind, texts[0].locale, translations, created_at=now, updated_at=now, **fields)
    brand.items[number] = item
    for one in texts:
        account.made.append((kind, brand.name, one.locale, one.body or one.title))
    return item


@route("POST", f"/help_center{LOCALE}/sections/(?P<number>\\d+)/articles")
def create_article(request: Request, locale: str | None, number: int) -> Response:
    section = find(request, "sections", number)
    given = _object(request, "article", _ARTICLE, root={"notify_subscribers"})
    account = request.brand.account
    group = given.get("permission_group_id")
    if group is None:
        raise invalid("permission_group_id must be given")
    if group not in account.permission_groups:
        raise invalid(f"permission_group_id {group} does not exist")
    if "user_segment_id" not in given and "user_segment_ids" not in given:
        raise invalid("user_segment_id must be given")
    segment = _segment(account, given)
    if sum(len(one.of("article")) for one in account.brands.values()) >= account.article_limit:
        raise invalid("the help center holds as many articles as it may")
    texts = _texts(request, given, locale, ("title", "body"))
    item = _keep(
        request, "article", texts, parent=section.id, permission_group_id=group, user_segment_id=segment,
        label_names=_labels(given), position=given.get("position") or 0, promoted=bool(given.get("promoted")),
        content_tag_ids=list(given.get("content_tag_ids") or ()),
        comments_disabled=bool(given.get("comments_disabled")),
    )  # fmt: skip
    return Response(201, {"article": _shown(request, item, item.source_locale)})


def _segment(account: Account, given: Mapping[str, Any]) -> int | None:
    several = given.get("user_segment_ids")
    segment = given.get("user_segment_id", several[0] if several else None)
    if segment is not None and segment not in account.user_segments:
        raise invalid(f"user_segment_id {segment} does not exist")
    return int(segment) if segment is not None else None


def _labels(given: Mapping[str, Any]) -> list[str]:
    labels = given.get("label_names") or []
    if not isinstance(labels, list) or not all(isinstance(one, str) for one in labels):
        raise invalid("label_names must be a list of texts")
    return list(dict.fromkeys(labels))


@route("PUT", f"/help_center{LOCALE}/articles/(?P<number>\\d+)")
def update_article(request: Request, locale: str | None, number: int) -> Response:
    item = find(request, "articles", number)
    given = _object(request, "article", _ARTICLE, root={"notify_subscribers"})
    before = (item.position, item.label_names, item.user_segment_id, item.parent, item.permission_group_id,
              item.promoted, item.comments_disabled, item.content_tag_ids)  # fmt: skip
    # Title, body, locale and draft belong to translations: taken with a 200 and left alone.
    if "section_id" in given:
        item.parent = find(request, "sections", given["section_id"]).id
    if "user_segment_id" in given or "user_segment_ids" in given:
        item.user_segment_id = _segment(request.brand.account, given)
    if "label_names" in given:
        item.label_names = _labels(given)
    if "permission_group_id" in given:
        if given["permission_group_id"] not in request.brand.account.permission_groups:
            raise invalid("permission_group_id does not exist")
        item.permission_group_id = given["permission_group_id"]
    for name in ("position", "promoted", "comments_disabled", "content_tag_ids"):
        if name in given:
            setattr(item, name, given[name])
    after = (item.position, item.label_names, item.user_segment_id, item.parent, item.permission_group_id,
             item.promoted, item.comments_disabled, item.content_tag_ids)  # fmt: skip
    if after != before:
        item.updated_at = request.brand.account.time()
    return Response(json={"article": _shown(request, item, locale)})


@route("POST", f"/help_center{LOCALE}/categories")
def create_category(request: Request, locale: str | None) -> Response:
    given = _object(request, "category", _FOLDER)
    texts = _texts(request, given, locale, ("name", "description"))
    item = _keep(request, "category", texts, position=given.get("position") or 0)
    return Response(201, {"category": _shown(request, item, item.source_locale)})


@route("POST", f"/help_center{LOCALE}/categories/(?P<number>\\d+)/sections")
def create_section(request: Request, locale: str | None, number: int) -> Response:
    category = find(request, "categories", number)
    given = _object(request, "section", _FOLDER)
    parent = _above(request, given, category.id)
    texts = _texts(request, given, locale, ("name", "description"))
    item = _keep(
        request, "section", texts, category=category.id, parent=parent, position=given.get("position") or 0
    )  # fmt: skip
    return Response(201, {"section": _shown(request, item, item.source_locale)})


def _above(request: Request, given: Mapping[str, Any], category: int) -> int:
    number = given.get("parent_section_id")
    if not number:
        return 0
    if not request.brand.account.is_enterprise:
        raise invalid("parent_section_id is only available on Guide Enterprise")
    parent = find(request, "sections", number)
    if parent.category != category:
        raise invalid("parent_section_id is in another category")
    return parent.id


@route("PUT", f"/help_center{LOCALE}/(?P<owner>sections|categories)/(?P<number>\\d+)")
def update_folder(request: Request, locale: str | None, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    given = _object(request, item.kind, _FOLDER)
    before = (item.position, item.category, item.parent)
    if item.kind == "section":
        if "category_id" in given:
            item.category = find(request, "categories", given["category_id"]).id
        if "parent_section_id" in given:
            item.parent = _above(request, given, item.category)
    if "position" in given:
        item.position = given["position"] or 0
    if (item.position, item.category, item.parent) != before:
        item.updated_at = request.brand.account.time()
    return Response(json={item.kind: _shown(request, item, locale)})


@route("PUT", f"/help_center/{OWNER}/(?P<number>\\d+)/source_locale")
def source_locale(request: Request, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    wanted = (request.json or {}).get(f"{item.kind}_locale")
    if wanted not in item.translations:
        raise invalid(f"there is no translation in {wanted}")
    item.source_locale = wanted
    return Response(200, {})


# Translations ---------------------------------------------------------------------------------------------------


@route("GET", f"/help_center/{OWNER}/(?P<number>\\d+)/translations")
def translations(request: Request, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    rows = sorted(item.translations.values(), key=lambda one: one.id)
    return paged(request, "translations", rows, lambda one: _translation(request, item, one))


@route("GET", f"/help_center/{OWNER}/(?P<number>\\d+)/translations/missing")
def missing(request: Request, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    return Response(json={"locales": [code for code in request.brand.locales if code not in item.translations]})


@route("GET", f"/help_center/{OWNER}/(?P<number>\\d+)/translations/(?P<code>[a-z-]+)")
def show_translation(request: Request, owner: str, number: int, code: str) -> Response:
    item = find(request, owner, number)
    if code not in item.translations:
        raise not_found()
    return Response(json={"translation": _translation(request, item, item.translations[code])})


@route("POST", f"/help_center/{OWNER}/(?P<number>\\d+)/translations")
def create_translation(request: Request, owner: str, number: int) -> Response:
    item = find(request, owner, number)
    given = _object(request, "translation", _TRANSLATION)
    code = given.get("locale")
    if not code or not given.get("title"):
        raise invalid("locale and title must be given")
    if code not in request.brand.locales:
        raise invalid(f"locale {code} is not enabled")
    if code in item.translations:
        raise invalid(f"locale {code} has already been taken")
    account = request.brand.account
    one = account.translation(
        code, given["title"], given.get("body") or "",
        draft=bool(given.get("draft", False)), outdated=bool(given.get("outdated", False)),
    )  # fmt: skip
    item.translations[code] = one
    account.made.append((item.kind, request.brand.name, code, one.body or one.title))
    return Response(201, {"translation": _translation(request, item, one)})


@route("PUT", f"/help_center/{OWNER}/(?P<number>\\d+)/translations/(?P<code>[a-z-]+)")
def update_translation(request: Request, owner: str, number: int, code: str) -> Response:
    item = find(request, owner, number)
    one = item.translations.get(code)
    if one is None:
        raise not_found()
    given = _object(request, "translation", _TRANSLATION)
    before = (one.title, one.body, one.draft, one.outdated)
    if "title" in given:
        if not given["title"]:
            raise invalid("title must be given")
        one.title = str(given["title"])
    if "body" in given:
        # A body is written whole: links to content blocks are gone with the old one.
        one.body = sanitise(given["body"] or "")
    for name in ("draft", "outdated"):
        if name in given:
            setattr(one, name, bool(given[name]))
    if (one.title, one.body, one.draft, one.outdated) != before:
        one.updated_at = request.brand.account.time()
        one.updated_by_id = 1
        if (one.title, one.body) != before[:2]:
            one.edited_at = one.updated_at
    return Response(json={"translation": _translation(request, item, one)})


@route("DELETE", "/help_center/translations/(?P<number>\\d+)")
def delete_translation(request: Request, number: int) -> Response:
    for item in request.brand.items.values():
        for code, one in item.translations.items():
            if one.id == number:
                if code == item.source_locale:
                    raise invalid("the translation in the source language cannot be deleted")
                del item.translations[code]
                return Response(204)
    raise not_found()
