"""What readers see: pages and files without signing in, and where redirect rules lead."""

from __future__ import annotations

import re

from tests.publish.zendesk.api import KIND, Request, Response

_ARTICLE_PAGE = re.compile(r"/hc/(?P<locale>[a-z-]+)/articles/(?P<number>\d+)(?:-[^/]*)?")
_FOLDER_PAGE = re.compile(r"/hc/(?P<locale>[a-z-]+)/(?P<owner>sections|categories)/(?P<number>\d+)(?:-[^/]*)?")


def public(request: Request) -> Response:
    """A page or file as somebody sees it who has not signed in."""
    brand = request.brand
    file = re.fullmatch(r"/hc/article_attachments/(\d+)", request.path)
    if file and int(file[1]) in brand.attachments:
        one = brand.attachments[int(file[1])]
        if one.article is not None:
            return Response(200, data=one.data, headers={"content-type": one.content_type})
    page = _ARTICLE_PAGE.fullmatch(request.path)
    if page and int(page["number"]) in brand.items:
        item = brand.items[int(page["number"])]
        if item.kind == "article" and brand.is_public(item, page["locale"]):
            if item.user_segment_id is not None:
                return Response(302, text="", headers={"location": f"{brand.url}/hc/{page['locale']}/signin"})
            one = item.translations[page["locale"]]
            html = f"<!doctype html><title>{one.title}</title><article>{brand.shown(one.body)}</article>"
            return Response(200, text=html, headers={"content-type": "text/html; charset=utf-8"})
    folder = _FOLDER_PAGE.fullmatch(request.path)
    if folder and int(folder["number"]) in brand.items:
        found = brand.items[int(folder["number"])]
        if found.kind == KIND[folder["owner"]] and folder["locale"] in found.translations:
            html = f"<!doctype html><title>{found.translations[folder['locale']].title}</title>"
            return Response(200, text=html, headers={"content-type": "text/html; charset=utf-8"})
    # A rule fires only on what is not there, whatever slug the address has.
    plain = re.sub(r"^(/hc/[a-z-]+/(?:articles|sections|categories)/\d+)-.*$", r"\1", request.path)
    rule = brand.rules.get(request.path) or brand.rules.get(plain)
    if rule:
        return Response(int(rule["redirect_status"]), text="", headers={"location": rule["redirect_to"]})
    return Response(404, text="<!doctype html><title>Not found</title>", headers={"content-type": "text/html"})
