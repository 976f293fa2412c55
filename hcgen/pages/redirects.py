"""Old addresses and where they lead now."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from hcgen.model.article import Article
from hcgen.model.brand import Brand
from hcgen.model.finding import Finding
from hcgen.model.site import Page
from hcgen.pages.addresses import absolute


def redirects_of(
    brand: Brand, locale: str, pages: Sequence[tuple[Page, Article | None]]
) -> tuple[tuple[tuple[str, str], ...], list[Finding]]:
    """((old path below the brand's root, new absolute address), ...) of one language, and what is wrong.

    Only articles written in this language bring redirects: a page in a stand-in language has none of its own.
    """
    claims = [(page, article) for page, article in pages if article and article.front.redirect_from and page.is_indexed]
    if not claims:
        return (), []
    known = {f"{locale}/{page.url}" for page, _ in pages}
    taken: dict[str, Article] = {}
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for page, article in sorted(claims, key=lambda one: one[0].key):
        for raw in article.front.redirect_from:
            old = old_path(raw, locale)
            line = article.front.lines.get("redirect_from", 1)
            if old is None:
                remedy = "Write the path of the old address, such as /hc/en-us/articles/123-Refunds."
                findings.append(Finding(article.path, line, "bad-redirect", f"{raw!r} is no path", remedy))
            elif old in known or f"{old}/" in known:
                remedy = "Remove it: a page that exists cannot redirect."
                findings.append(Finding(article.path, line, "bad-redirect", f"{raw!r} is a page of this site", remedy))
            elif old in taken:
                remedy = "Keep it in one of the two."
                what = f"{raw!r} already leads to {taken[old].path}"
                findings.append(Finding(article.path, line, "bad-redirect", what, remedy))
            else:
                taken[old] = article
                found[old] = absolute(brand, locale, page.url)
    return tuple(sorted(found.items())), findings


def old_path(raw: str, locale: str) -> str | None:
    """The path below the brand's root that an entry of `redirect_from` means, without slashes at its ends.

    `/a/b` is from the brand's root, `a/b` from the language's; of a whole address the path counts.
    """
    path = unquote(urlsplit(raw).path if "://" in raw else raw.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
    if not path.startswith("/"):
        path = f"/{locale}/{path}"
    parts = [part for part in path.split("/") if part]
    if not parts or any(
        part in (".", "..") or "\\" in part or "\x00" in part or len(part.encode()) > 200 for part in parts
    ):
        return None
    return "/".join(parts)
