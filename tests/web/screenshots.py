"""Takes the pictures of the example's pages for docs/screenshots.

    python -m tests.web.screenshots OUT [--site SITE] [NAME ...]

Builds the example (or takes the built SITE), opens every state of its pages (`STATES` in harness.py) on a phone and a
desk, in English, Korean and Arabic, light and dark, and writes OUT/<state>-<locale>-<device>-<scheme>.png. Names
choose states.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser

from tests.web.harness import LOCALES, STATES, Visit, Watched, launched, served, visits
from tests.world import ROOT, World

DEVICES = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES = ("light", "dark")
LIMIT = 60_000
"""Bytes of a picture, about: fewer colours are taken until it is met."""


def small(png: bytes) -> bytes:
    """The picture with a palette, of as many colours as `LIMIT` allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    seen = picture.getcolors(picture.width * picture.height) or []
    # Colours count by the root of their area: a button is small, but its colour is dear.
    weighed = b"".join(bytes(colour) * max(1, round(count**0.5)) for count, colour in seen)
    sample = Image.frombytes("RGB", (len(weighed) // 3, 1), weighed)
    data = b""
    for colours in (256, 128, 64):
        palette = sample.quantize(colours)
        packed = io.BytesIO()
        picture.quantize(palette=palette, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        data = packed.getvalue()
        if len(data) <= LIMIT:
            break
    return data


def take(browser: Browser, address: str, planned: list[tuple[str, Visit]], device: str, scheme: str, out: Path) -> None:
    """One picture for each (language, visit), of what the screen shows."""
    width, height = DEVICES[device]
    view = {"width": width, "height": height}
    with Watched(browser, viewport=view, color_scheme=scheme, reduced_motion="reduce") as watched:
        for locale, visit in planned:
            visit.reach(watched.page, address)
            watched.page.wait_for_load_state("networkidle")
            path = out / f"{visit.state.name}-{locale}-{device}-{scheme}.png"
            path.write_bytes(small(watched.page.screenshot()))


def main() -> int:
    """Takes the pictures; says how many and how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", choices=[*(state.name for state in STATES), []], metavar="NAME")
    parser.add_argument("--site", type=Path, help="an example that is built already")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, launched() as browser:
        site = options.site or Path(folder) / "site"
        if not options.site:
            done = World(ROOT).run("build", "--out", str(site))
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                return done.returncode
        planned = [
            (locale, visit)
            for locale in LOCALES
            for visit in visits(site, "retail", locale)
            # The portal has one language, the choice of language all of them.
            if visit.state.name in (options.names or visit.state.name) and (locale == "en" or not visit.state.root)
        ]
        with served(site) as address:
            for device in DEVICES:
                for scheme in SCHEMES:
                    take(browser, address, planned, device, scheme, options.out)
    pictures = sorted(options.out.glob("*.png"))
    print(f"{len(pictures)} pictures, {sum(path.stat().st_size for path in pictures) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
