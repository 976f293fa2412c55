"""What a page costs its reader: bytes and requests, as the browser gets them, compressed as hosts compress."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Response

from tests.web.harness import ARTICLE, COLLECTORS, SITES, Watched, file_of, pages_of

# Bytes after gzip -9, without the pictures of the content.
PAGE, STYLE, SCRIPTS = 20 * 1024, 8 * 1024, 3 * 1024
REQUESTS = 6
KINDS = {"home": "", "article": ARTICLE}


def packed(data: bytes) -> int:
    """Bytes of `data` as a host sends it."""
    return len(gzip.compress(data, 9))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("site", ["retail/en", "retail/ar", "restaurant/fr", "web/ko"])
def test_a_page_is_light(browser: Browser, address: str, example_site: Path, site: str, kind: str) -> None:
    path = KINDS[kind]
    if not (example_site / site / path / "index.html").is_file():
        path = "payments/refunds/refund-a-sale/"
    answers: list[Response] = []
    with Watched(browser) as watched:
        watched.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (no built-in is taken)
        watched.page.goto(f"{address}/{site}/{path}", wait_until="networkidle")
        content = watched.page.eval_on_selector_all(".hc-body img", "found => found.map(one => one.src)")
        # The beacon brings nothing and delays nothing. The icon is the logo once more, which hosts let browsers keep.
        loaded = [one for one in answers if not one.url.startswith(COLLECTORS) and one.url not in content]
        sizes = {one.url.removeprefix(address): packed(one.body()) for one in loaded}
    assert all(name.startswith("/") for name in sizes), sizes
    assert len(sizes) <= REQUESTS, sizes
    assert sum(sizes.values()) <= PAGE, sizes
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= STYLE, sizes
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= SCRIPTS, sizes


def test_every_page_is_light(example_site: Path) -> None:
    """The same sum for every page, from the files that it names."""
    sizes: dict[str, int] = {}

    def size(path: str) -> int:
        if path not in sizes:
            sizes[path] = packed(file_of(example_site, path).read_bytes())
        return sizes[path]

    for path in pages_of(example_site):
        text = file_of(example_site, path).read_text("utf-8")
        named = re.findall(r'<(?:script[^>]*? src|link rel="(?:stylesheet|icon)" href)="([^":]+)"', text)
        named += re.findall(r'<header.*?<img src="([^"]+)"', text, re.S)
        loads = {path, *(urlsplit(urljoin(path, one)).path for one in named)}
        assert sum(map(size, loads)) <= PAGE, {one: size(one) for one in loads}
        assert len(loads) <= REQUESTS, loads


def test_scripts_and_style_are_small(example_site: Path) -> None:
    for brand in SITES:
        assets = {path.name: path.read_bytes() for path in (example_site / brand / "assets").iterdir()}
        scripts = [data for name, data in assets.items() if name.endswith(".js")]
        styles = [data for name, data in assets.items() if name.endswith(".css")]
        assert len(scripts) >= 2
        assert len(styles) == 1
        assert sum(map(packed, scripts)) <= SCRIPTS
        assert sum(map(packed, styles)) <= STYLE
