"""What readers set in their system is respected: forced colours, less motion, a dark scheme."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.web.harness import Watched, sized, visits

# Elements whose edges say what they are: without a border they vanish when backgrounds do.
EDGES = """.hc-button, .hc-card, .hc-chips a, .hc-notice, .callout, select, textarea,
  input:not([type=checkbox], [type=radio], [type=hidden])"""
EDGELESS = """(edges) => {
  const drawn = (one) => {
    const style = getComputedStyle(one);
    return ["Top", "Right", "Bottom", "Left"].some((side) =>
      style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0);
  };
  return [...document.querySelectorAll(edges)]
    .filter((one) => one.checkVisibility() && !drawn(one) && !drawn(one.closest(".hc-search") || one))
    .map((one) => one.outerHTML.slice(0, 120));
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none"
    || style.scrollBehavior === "smooth";
}).map((one) => one.tagName + "." + one.className)"""


def test_forced_colours_leave_every_control_its_edge(browser: Browser, address: str, example_site: Path) -> None:
    with Watched(browser, viewport=sized(390), forced_colors="active") as watched:
        for visit in visits(example_site):
            visit.reach(watched.page, address)
            assert watched.page.evaluate("matchMedia('(forced-colors: active)').matches")
            assert watched.page.evaluate(EDGELESS, EDGES) == [], visit.path
            icons = watched.page.eval_on_selector_all(
                ".hc-icon svg",
                "all => all.map(one => [getComputedStyle(one).fill, getComputedStyle(document.body).backgroundColor])",
            )
            assert all(fill != ground for fill, ground in icons), visit.path
            here = watched.page.eval_on_selector_all(
                "[aria-current]", "all => all.map(one => getComputedStyle(one).textDecorationLine)"
            )
            assert all("underline" in line for line in here), visit.path


def test_nothing_moves_where_less_motion_is_asked_for(browser: Browser, address: str, example_site: Path) -> None:
    with Watched(browser, reduced_motion="reduce") as watched:
        for visit in visits(example_site):
            visit.reach(watched.page, address)
            assert watched.page.evaluate(MOVING) == [], visit.path
    with Watched(browser, reduced_motion="no-preference") as watched:
        watched.page.goto(f"{address}/retail/en/")
        assert watched.page.evaluate(MOVING) != []


def test_the_scheme_is_the_systems_until_the_reader_chooses(browser: Browser, address: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for scheme in ("light", "dark"):
        with Watched(browser, color_scheme=scheme) as watched:
            watched.page.goto(f"{address}/retail/en/")
            seen[scheme] = watched.page.evaluate(ground)
    assert seen["light"] != seen["dark"]
    with Watched(browser, color_scheme="light") as watched:
        watched.page.goto(f"{address}/retail/en/")
        watched.page.locator("#hc-theme").select_option("dark")
        assert watched.page.evaluate(ground) == seen["dark"]
        watched.page.goto(f"{address}/retail/ar/payments/")
        assert watched.page.evaluate(ground) == seen["dark"]
        watched.page.locator("#hc-theme").select_option("")
        assert watched.page.evaluate(ground) == seen["light"]
