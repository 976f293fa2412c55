"""What belongs to a brand or to all rather than to one language: choices, redirects, robots, headers, portal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from hcgen.builds.report import ShardReport
from hcgen.files.project import Frame
from hcgen.model.brand import Brand
from hcgen.render.headers import header_files, meta_policy, root_header_files
from hcgen.render.port import Renderer
from hcgen.text import canonical_json, quote_path

_REDIRECT_PAGE_LIMIT = 50_000


def brand_files(
    frame: Frame,
    brand: Brand,
    shards: Sequence[ShardReport],
    renderer: Renderer,
    names: Mapping[str, str],
    logo: str,
) -> Iterator[tuple[str, bytes]]:
    """(path below the brand's root, bytes). `shards` are all languages of the brand, `names` the theme's files."""
    built = [shard.locale for shard in shards]
    yield "index.html", _choice(frame, brand, built, renderer, names, logo)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {brand.site_url}sitemap.xml\n".encode()
    yield "sitemap.xml", _sitemap_index(brand, shards)
    redirects = _merged(shards)
    yield "_redirects", _redirects_file(brand, built, redirects)
    yield from header_files(brand)
    policy = meta_policy(brand)
    for old, (locale, url) in list(redirects.items())[:_REDIRECT_PAGE_LIMIT]:
        path = old if old.endswith((".html", ".htm")) else f"{old}/index.html"
        words = frame.strings[locale]
        values = {
            # As in _redirects: a preview on another host leads on within itself.
            "url": urlsplit(url).path, "canonical": url,
            "title": words["redirect_title"], "text": words["redirect_text"],
            "lang": locale.replace("_", "-"), "dir": frame.settings.locale(locale).direction,
            "policy": policy,
        }  # fmt: skip
        yield path, renderer.document("redirect.html", values, brand.id)


def _choice(
    frame: Frame, brand: Brand, built: Sequence[str], renderer: Renderer, names: Mapping[str, str], logo: str
) -> bytes:
    """`site/<brand>/`: the brand's languages, in a page of its default language."""
    languages = [
        {"locale": frame.settings.locale(code), "url": f"{code}/", "title": frame.strings[code]["home_title"]}
        for code in built
    ]
    default = brand.default_locale if brand.default_locale in built else built[0]
    words = frame.strings[default]
    hreflang = [(code.replace("_", "-"), f"{brand.site_url}{code}/") for code in built]
    values = {
        "brand": brand, "title": words["language_choice"], "languages": languages, "css": names["style.css"],
        "canonical": brand.site_url, "hreflang": [*hreflang, ("x-default", brand.site_url)],
        "logo": _logo(frame, brand, logo), "robots": "",
        "lang": default.replace("_", "-"), "dir": frame.settings.locale(default).direction,
        "theme_js": names.get("app.js", ""), "locale": frame.settings.locale(default),
        "policy": meta_policy(brand),
    }  # fmt: skip
    return renderer.document("choose.html", values, brand.id)


def _logo(frame: Frame, brand: Brand, url: str) -> dict[str, object] | None:
    """The brand's logo at `url` ("" where it has none), with its size in pixels (0 where its format does not say)."""
    known = frame.brand_assets.get((brand.id, brand.look.logo))
    return {"url": url, "width": known.width, "height": known.height} if url and known else None


def _sitemap_index(brand: Brand, shards: Sequence[ShardReport]) -> bytes:
    rows = [
        f"<sitemap><loc>{brand.site_url}{quote_path(path)}</loc></sitemap>" for one in shards for path in one.sitemaps
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    )
    return (head + "\n".join(rows) + "\n</sitemapindex>\n").encode()


def _merged(shards: Sequence[ShardReport]) -> dict[str, tuple[str, str]]:
    """Old path to (language, new address); the first language that claims a path has it."""
    found: dict[str, tuple[str, str]] = {}
    for shard in shards:
        for old, new in shard.redirects:
            found.setdefault(old, (shard.locale, new))
    return dict(sorted(found.items()))


def _redirects_file(brand: Brand, built: Sequence[str], redirects: Mapping[str, tuple[str, str]]) -> bytes:
    """Netlify's and Cloudflare Pages's format: old addresses, and each language's own 404."""
    base = brand.base_path
    lines = []
    for old, (_, url) in redirects.items():
        target = urlsplit(url).path
        lines.append(f"{base}{quote_path(old)} {target} 301")
    lines += [f"{base}{code}/* {base}{code}/404.html 404" for code in built]
    return ("\n".join(lines) + "\n").encode()


def portal_files(
    frame: Frame,
    shards: Mapping[str, Sequence[ShardReport]],
    renderer: Renderer,
    names: Mapping[str, Mapping[str, str]],
    logos: Mapping[str, str],
) -> Iterator[tuple[str, bytes]]:
    """`site/index.html` over all brands, and a robots.txt that names every sitemap."""
    settings = frame.settings
    code = settings.project_locale
    brands = []
    listed = [brand for brand in frame.brands if brand.id in shards]
    for brand in listed:
        root = f"{brand.id}/" if _beside_portal(frame, brand) else brand.site_url
        brands.append(
            {
                "name": brand.name, "url": root, "lang": brand.default_locale,
                "logo": _logo(frame, brand, f"{brand.id}/{logos[brand.id]}" if logos.get(brand.id) else ""),
                "languages": [
                    {"locale": settings.locale(shard.locale), "url": f"{root}{shard.locale}/"}
                    for shard in shards[brand.id]
                ],
            }
        )  # fmt: skip
    words = frame.strings[code]
    values = {
        "title": words["portal_title"], "site_name": settings.site_name, "brands": brands,
        "canonical": settings.site_url,
        "css": f"{listed[0].id}/{names[listed[0].id]['style.css']}",
        "theme_js": f"{listed[0].id}/{names[listed[0].id]['app.js']}", "lang": code.replace("_", "-"),
        "dir": settings.locale(code).direction, "t": lambda key: words.get(key, key),
        "policy": meta_policy(None),
    }  # fmt: skip
    yield "index.html", renderer.document("portal.html", values, "")
    below = [brand for brand in listed if _beside_portal(frame, brand)]
    # Hosts read these at the root of what is published; brands with hosts of their own have theirs.
    yield from root_header_files(below)
    yield (
        "_redirects",
        b"".join(
            _redirects_file(brand, [one.locale for one in shards[brand.id]], _merged(shards[brand.id]))
            for brand in below
        ),
    )
    maps = "".join(f"Sitemap: {brand.site_url}sitemap.xml\n" for brand in listed)
    yield "robots.txt", f"User-agent: *\nAllow: /\n{maps}".encode()


def _beside_portal(frame: Frame, brand: Brand) -> bool:
    """Whether the brand is served below the portal, as it lies in `site/`."""
    return bool(frame.settings.site_url) and brand.site_url == f"{frame.settings.site_url}{brand.id}/"


def manifest(shards: Mapping[str, Sequence[ShardReport]], tree: str, share: Mapping[str, str] | None = None) -> bytes:
    """`hcgen.json`: per brand and language the articles with their digests, and what a partial build needs to keep.

    `tree` is the digest of all other files; `share` says which share of a build this is, and of which sources.
    """
    value = {
        "format": 1,
        "tree": tree,
        **(share or {}),
        "brands": {
            brand: {
                shard.locale: {
                    "pages": shard.pages, "fallback": shard.fallback, "articles": shard.articles,
                    "redirects": [list(pair) for pair in shard.redirects], "assets": list(shard.assets),
                    "sitemaps": list(shard.sitemaps),
                }
                for shard in found
            }
            for brand, found in shards.items()
        },
    }  # fmt: skip
    return (canonical_json(value, indent=1) + "\n").encode()


def shard_of(brand: str, locale: str, value: object) -> ShardReport:
    """A shard as the manifest remembers it. Raises KeyError or TypeError where the manifest is not ours."""
    if not isinstance(value, dict):
        raise TypeError("not a shard")
    return ShardReport(
        brand, locale, int(value["pages"]), dict(value["articles"]), int(value["fallback"]),
        tuple((str(old), str(new)) for old, new in value["redirects"]), tuple(value["assets"]),
        tuple(value["sitemaps"]),
    )  # fmt: skip
