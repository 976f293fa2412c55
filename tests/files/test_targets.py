"""targets.yml and targets of brands: what they say, and what is wrong with them, with its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hcgen.errors import ProjectError
from hcgen.files.targets import find_target, read_targets
from hcgen.model.target import Caps, SecretRef
from tests.world import RETAIL, World

MakeWorld = Callable[..., World]
FULL = """\
support:
  provider: zendesk
  url: https://acme.zendesk.com/
  brands: [retail]
  locales: {en: en-us, de: de}
  options: {permission_group: 12}
  brand_options: {retail: {url: "https://retail.zendesk.com"}}
  secrets:
    client_secret: {env: ZD_SECRET}
    other: {command: [pass, show, zd]}
  ledger: publish/zd.jsonl
  internal: true
  fallbacks: true
  caps: {count: 5, share: 0.5, small: 3}
  rate: 400
  concurrency: 2
"""


def test_everything_that_a_target_says(make_world: MakeWorld) -> None:
    project = make_world({"targets.yml": FULL}).project()
    found = find_target(project, "support")
    assert (found.provider, found.url, found.path, found.line) == (
        "zendesk", "https://acme.zendesk.com", "targets.yml", 1,
    )  # fmt: skip
    assert (found.brands, dict(found.locales)) == (("retail",), {"en": "en-us", "de": "de"})
    assert (found.options, found.brand_options) == (
        {"permission_group": 12}, {"retail": {"url": "https://retail.zendesk.com"}},
    )  # fmt: skip
    assert found.secrets == {
        "client_secret": SecretRef(env="ZD_SECRET"), "other": SecretRef(command=("pass", "show", "zd"))
    }  # fmt: skip
    assert (found.ledger, found.is_internal, found.pushes_fallbacks) == ("publish/zd.jsonl", True, True)
    assert (found.caps, found.rate, found.concurrency) == (Caps(5, 0.5, 3), 400, 2)
    assert found.root == project.root


def test_a_target_of_a_brand_is_the_brands_alone(make_world: MakeWorld) -> None:
    more = "targets:\n  desk: {provider: folder, url: out, locales: [en]}\n"
    project = make_world({"brands/retail/brand.yml": RETAIL + more}).project()
    assert not project.findings
    found = find_target(project, "desk")
    assert (found.brands, dict(found.locales), found.path) == (("retail",), {"en": "en"}, "brands/retail/brand.yml")
    assert found.line == RETAIL.count("\n") + 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a:\n  provider: folder\n", 1, "lacks `url`"),
        ("a:\n  provider: folder\n  url: x\n  lokales: [en]\n", 4, "lokales"),
        ("a:\n  provider: folder\n  url: x\n  locales: [en, xx]\n", 1, "'xx'"),
        ("a:\n  provider: folder\n  url: x\n  brands: [retial]\n", 1, "'retial'"),
        ("a:\n  provider: folder\n  url: x\n  options:\n    api_token: abc123\n", 5, "looks like a secret"),
        ("a:\n  provider: folder\n  url: x\n  brand_options:\n    retail:\n      password: abc123\n", 6, "a secret"),
        ("a:\n  provider: folder\n  url: x\n  secrets: {t: abc123}\n", 4, "secrets.t"),
        ("a: [\n", 2, "YAML"),
    ],
)
def test_faults_name_their_line_and_a_remedy(make_world: MakeWorld, text: str, line: int, message: str) -> None:
    project = make_world({"targets.yml": text}).project()
    with pytest.raises(ProjectError, match=message) as caught:
        find_target(project, "a")
    assert caught.value.where == f"targets.yml:{line}"
    assert caught.value.remedy
    if "secret" in message:
        assert "abc123" not in f"{caught.value} {caught.value.remedy}"


def test_two_targets_of_one_name_are_a_fault(make_world: MakeWorld) -> None:
    world = make_world(
        {"targets.yml": "a: {provider: folder, url: x}\n",
         "brands/retail/brand.yml": RETAIL + "targets:\n  a: {provider: folder, url: y}\n"}
    )  # fmt: skip
    _, findings = read_targets(world.root)
    assert [(one.path, one.rule) for one in findings] == [("brands/retail/brand.yml", "targets-file")]


def test_an_unknown_target_is_told_what_there_is(make_world: MakeWorld) -> None:
    project = make_world({"targets.yml": FULL}).project()
    with pytest.raises(ProjectError) as caught:
        find_target(project, "suport")
    assert "support" in caught.value.remedy
