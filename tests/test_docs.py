"""The documentation tells of what there is: every rule, command, exit code and key, and no dead link."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from hcgen.cli.main import COMMANDS, cli
from hcgen.errors import ExitCode
from hcgen.files.schema import keys, schema
from hcgen.lint.rules import RULES
from hcgen.text import slug
from tests.world import ROOT

READMES = [ROOT / name / "README.md" for name in ("bench", "tests/web")]
DOCS = sorted((*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *READMES))


def text(name: str) -> str:
    """One document."""
    return (ROOT / name).read_text("utf-8")


def test_every_rule_is_explained_and_used() -> None:
    explained = re.findall(r"^\| `([\w-]+)` \|", text("docs/rules.md"), re.M)
    assert explained == sorted(RULES)
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "hcgen").rglob("*.py") if path.name != "rules.py")
    used = {rule for rule in RULES if f'"{rule}"' in code}
    assert used == set(RULES)


def test_no_rule_is_used_without_being_explained() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "hcgen").rglob("*.py"))
    named = set(re.findall(r'(?:Finding|Problem)\([^"\n]*?"([a-z]+(?:-[a-z0-9]+)+)"', code)) | set(
        re.findall(r'rule="([\w-]+)"', code)
    )
    assert len(named) > 20
    assert named <= RULES.keys(), named - RULES.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example_and_a_place_in_the_docs(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command
    assert command.help
    assert "Example" in command.help
    assert f"## hcgen {name}" in text("docs/cli.md")
    for option in command.params:
        longest = max(option.opts, key=len)
        spelled = (*option.opts, *option.secondary_opts)
        assert any(one in text("docs/cli.md") for one in spelled), f"docs/cli.md misses {longest} of {name}"
        assert not isinstance(option, click.Option) or option.help, f"{longest} of {name} has no help"


def test_every_exit_code_is_documented() -> None:
    page = text("docs/cli.md")
    for code in ExitCode:
        assert re.search(rf"^\| `?{int(code)}`? \|", page, re.M), code


@pytest.mark.parametrize(
    ("name", "page"), [("front-matter", "docs/content-model.md"), ("brand", "docs/content-model.md")]
)
def test_every_key_is_documented(name: str, page: str) -> None:
    for key in keys(name):
        assert f"`{key}`" in text(page), f"{page} misses {key}"
    for key, part in schema(name)["properties"].items():
        assert part.get("description") or part.get("properties") or "$ref" in part, key


@pytest.mark.parametrize("name", ["incidents", "popular", "queries"])
def test_every_key_of_the_lists_is_documented_as_the_schema_says(name: str) -> None:
    part = schema(name).get("items", schema(name))
    for key, value in part["properties"].items():
        needed = " **Needed.**" if key in part.get("required", ()) else ""
        assert f"| {value['description']}{needed} |" in text("docs/content-model.md"), key
        assert f"| `{key}` |" in text("docs/content-model.md"), key


def test_every_key_of_a_target_is_documented_as_the_schema_says() -> None:
    page, part = text("docs/content-model.md"), schema("targets")["additionalProperties"]
    for key, value in part["properties"].items():
        needed = " **Needed.**" if key in part["required"] else ""
        assert f"| {value['description']}{needed} |" in page, key
        assert f"| `{key}` |" in page, key


def test_every_token_and_template_is_in_the_theme_docs() -> None:
    page, style = text("docs/theme.md"), text("theme/assets/style.css")
    root = style[style.index(":root {") : style.index("[dir=rtl]")]
    tokens = set(re.findall(r"^  (--[\w-]+):", root, re.M))
    assert len(tokens) > 30
    assert {one for one in tokens if f"`{one}`" not in page} == set()
    templates = [*ROOT.glob("theme/*.html"), *ROOT.glob("theme/partials/hc/*.html"), *ROOT.glob("theme/assets/*")]
    assert {path.name for path in templates if f"`{path.relative_to(ROOT / 'theme')}`" not in page} == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_resolve(path: Path) -> None:
    body = re.sub(r"```.*?```|````.*?````|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", body):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.name}: {target}"
        if anchor and file.suffix == ".md":
            headings = [slug(one) for one in re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)]
            assert anchor in headings, f"{path.name}: {target}"


def test_readme_names_the_two_commands() -> None:
    page = text("README.md")
    assert "make site" in page
    assert "make test" in page
    assert "exec make test" in text(".ci/run")
