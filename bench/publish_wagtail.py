#!/usr/bin/env python3
"""Publishes one brand of a real help center, in all its languages, to a real Wagtail, and looks at every page.

    python -m bench.publish_wagtail [--corpus m365-insights] [--brand business-apps] [--work DIR]

Takes a corpus beside the checkout (bench/corpora.py). Prints what was sent and how long it took, then whether each
article is there, whether each link between pages, each anchor and each picture leads somewhere, the same for some pages
in Chromium, and what a second plan wants. Exits 1 where something is missing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx

from bench.corpora import CORPORA, ROOT, make_project
from hcgen.files.project import read_project
from hcgen.files.targets import find_target
from hcgen.publish.apply import apply
from hcgen.publish.desired import static_address, wishes
from hcgen.publish.ledger import read_ledger
from hcgen.publish.plan import Plan
from hcgen.publish.planning import Asked
from hcgen.publish.providers import wagtail as provider
from hcgen.publish.push import plan_push
from hcgen.publish.values import Kind
from hcgen.publish.wire import Wire
from tests.publish.cms import wagtails
from tests.publish.cms.pushing import Page
from tests.web.harness import launched

TARGETS = "cms: {provider: wagtail, url: '%s', brands: [%s], secrets: {token: {env: WAGTAIL_TOKEN}}}\n"
IN_CHROMIUM = 5
"""Folders, and articles, of each language that are opened, and clicked through, in a browser."""


def main() -> int:
    """0 where all is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", default="m365-insights", choices=sorted(CORPORA))
    parser.add_argument("--brand", default="business-apps")
    parser.add_argument("--work", type=Path, default=ROOT / "bench" / "work" / "publish-wagtail")
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    make_project(CORPORA[options.corpus], options.work)
    with wagtails.booted((options.brand,)) as site:
        (options.work / "targets.yml").write_text(TARGETS % (site.url, options.brand), "utf-8")
        faults = publish(options.work, site)
    print("all there" if not faults else f"{faults} faults")
    return 1 if faults else 0


def publish(folder: Path, site: wagtails.Wagtail) -> int:
    """Plans, applies, looks; the number of faults."""
    project = read_project(folder)
    target = find_target(project, "cms")
    wire = Wire(site.url, secret=lambda name: site.token)
    plan = measured("plan", wire, lambda: planned(project, target, wire))
    print("  changes:", plan.counts, "conflicts:", len(plan.conflicts), "refusals:", plan.refusals)
    report = measured(
        "apply", wire, lambda: apply(plan, target, provider.writer(target, wire), static_address(project))
    )
    for text in (*report.failures, *report.warnings)[:20]:
        print("  ", text)
    second = measured("second plan", wire, lambda: planned(project, target, wire))
    print("  changes:", second.counts, "conflicts:", len(second.conflicts))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")

    wished = wishes(project, target, provider.reader(target, wire).capabilities)
    entries = read_ledger(target).entries
    articles = [one for one in wished.items if one.identity.kind is Kind.ARTICLE]
    by_locale = Counter(one.identity.locale for one in articles if one.identity in entries)
    lost = [str(one.identity) for one in wished.items if one.identity not in entries]
    print(f"articles there: {sum(by_locale.values())} of {len(articles)} {dict(by_locale)}; missing: {lost[:10]}")
    urls = {entry.url for entry in entries.values()}
    dead = dead_links(urls, site.url) + clicked(entries.values(), site.url)
    wire.close()
    return len(report.failures) + len(second.changes) + len(second.conflicts) + len(lost) + dead


def planned(project, target, wire: Wire) -> Plan:  # type: ignore[no-untyped-def]
    """A plan, whose content has no errors or is pushed all the same: the corpus has some."""
    found = plan_push(project, target, provider.reader(target, wire), Asked())
    assert found.plan, found.errors[:5]
    return found.plan


def measured(name: str, wire: Wire, work):  # type: ignore[no-untyped-def]
    """What `work` gives; its seconds and requests are printed."""
    before, cpu, started = Counter(wire.sent), time.process_time(), time.monotonic()
    found = work()
    sent = {method: count for method, count in (Counter(wire.sent) - before).items() if count}
    print(
        f"{name}: {time.monotonic() - started:.0f} s, {time.process_time() - cpu:.0f} CPU s, requests {sent}",
        flush=True,
    )
    return found


def dead_links(urls: Iterable[str], origin: str) -> int:
    """How many links, anchors and pictures of the pages lead nowhere, among those of the site itself."""
    host = urlsplit(origin).netloc
    with httpx.Client(timeout=120, follow_redirects=True) as client, ThreadPoolExecutor(4) as pool:

        def fetched(url: str) -> tuple[str, int, Page]:
            answer = client.get(url)
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            return url, answer.status_code, Page(answer.text if is_page else "")

        pages = {url: (status, page) for url, status, page in pool.map(fetched, sorted(urls))}
        links = [
            (url, *urldefrag(urljoin(url, link)))
            for url, (_, page) in pages.items()
            for link in page.links
            if urlsplit(urljoin(url, link)).netloc == host
        ]
        others = {target for _, target, _ in links} - pages.keys()
        pages |= {url: (status, page) for url, status, page in pool.map(fetched, sorted(others))}
    wrong = [f"{url} answers {status}" for url, (status, _) in pages.items() if status != 200]
    wrong += [
        f"{url} links to {target}#{anchor}"
        for url, target, anchor in links
        if anchor and unquote(anchor) not in pages[target][1].ids
    ]
    print(f"pages fetched: {len(pages)}; links followed: {len(links)}; dead: {len(wrong)}")
    for text in wrong[:10]:
        print("  ", text)
    return len(wrong)


def clicked(entries, origin: str) -> int:  # type: ignore[no-untyped-def]
    """How many first links of some articles, clicked in Chromium, do not end on a page of the site with a heading."""
    chosen = []
    groups = {}
    for one in entries:
        groups.setdefault((one.identity.locale, one.identity.kind is Kind.ARTICLE), []).append(one)
    for mine in groups.values():
        chosen += mine[:: max(1, len(mine) // IN_CHROMIUM)][:IN_CHROMIUM]
    wrong = clicks = 0
    with launched() as browser:
        page = browser.new_page()
        for entry in chosen:
            page.goto(entry.url)
            assert page.locator("h1").inner_text() == entry.title.strip() or page.locator("h1").count() == 1
            link = page.locator(f"main a[href^='{origin}']").first
            if link.count():
                clicks += 1
                link.click()
                wrong += not (page.url.startswith(origin) and page.locator("main h1").count() == 1)
    print(f"opened in Chromium: {len(chosen)}; links clicked: {clicks}; wrong: {wrong}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
