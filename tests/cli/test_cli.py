"""The command line: help, exit codes, machine output, colours, and no traceback whatever the arguments."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.cli.main import COMMANDS, main
from tests.world import MKDOCS, NOW, ROOT, World

MakeWorld = Callable[..., World]
BAD = {"content/en/billing/bad.md": b"---\ntitle: Bad\n---\nCaf\xe9\n"}
ODD = {"content/en/billing/odd.md": "---\ntitle: Odd\ntagz: a\n---\nText.\n"}


class Cli:
    """Runs the command line within this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """(exit code, standard output, standard error) of `hcgen ARGUMENTS`."""
        self.monkeypatch.setattr(sys, "argv", ["hcgen", *arguments])
        self.monkeypatch.setenv("HCGEN_NOW", NOW.isoformat())
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        finally:
            # The tests go on in this process.
            gc.enable()
            gc.unfreeze()
        out, err = self.capsys.readouterr()
        return code, out, err


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(monkeypatch, capsys)


# Help -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_has_help_with_an_example(cli: Cli, command: str) -> None:
    code, out, err = cli(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Usage: ")
    examples = out.partition("Example")[2]
    assert f"\n    hcgen {command}" in examples
    options = [line.strip() for line in out.partition("Options:")[2].splitlines() if line.strip()]
    assert any(line.startswith("-C, --project") for line in options)
    assert not any(line.startswith("--") and "  " not in line and line.isupper() for line in options)


def test_the_program_lists_its_commands_and_version(cli: Cli) -> None:
    code, out, _ = cli("--help")
    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)
    assert "hcgen build" in out
    assert cli("-h")[1] == out
    code, out, _ = cli("--version")
    assert (code, out.split()[0]) == (0, "hcgen,")


def test_the_module_and_the_command_are_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hcgen", "build", "--help"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0
    assert "--strict" in done.stdout


# Exit codes -----------------------------------------------------------------------------------------------------------


def test_a_good_project_ends_with_0(cli: Cli, world: World) -> None:
    assert cli("check", "-C", str(world.root)) == (0, "0 errors, 0 warnings\n", "")
    code, out, _ = cli("build", "-C", str(world.root), "--jobs", "1")
    assert code == 0
    assert f"installed in {world.root / 'site'}" in out


@pytest.mark.parametrize(
    "command", [("check",), ("build", "--jobs", "1"), ("render", "--brand", "web", "--locale", "en")]
)
def test_errors_end_with_1(cli: Cli, make_world: MakeWorld, command: tuple[str, ...]) -> None:
    world = make_world(BAD)
    more = ("--out", str(world.root / "bodies")) if command[0] == "render" else ()
    assert cli(*command, "-C", str(world.root), *more)[0] == 1


def test_errors_end_a_real_process_with_1(make_world: MakeWorld) -> None:
    assert make_world(BAD).run("check").returncode == 1


@pytest.mark.parametrize("command", [("check",), ("build", "--jobs", "1")])
def test_warnings_end_with_1_where_strict_is_asked_for(
    cli: Cli, make_world: MakeWorld, command: tuple[str, ...]
) -> None:
    assert cli(*command, "-C", str(make_world(ODD).root), "--strict")[0] == 1


@pytest.mark.parametrize("command", [("check",), ("build", "--jobs", "1")])
def test_warnings_end_with_0(cli: Cli, make_world: MakeWorld, command: tuple[str, ...]) -> None:
    world = make_world(ODD)
    code, out, err = cli(*command, "-C", str(world.root))
    assert code == 0
    assert "odd.md:3: warning [near-miss-key]" in out + err
    assert "1 warnings" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("build", "--nothing"),
        ("build", "--jobs", "-1"),
        ("build", "--jobs", "many"),
        ("build", "--now", "tomorrow"),
        ("build", "extra"),
        ("check", "--format", "xml"),
        ("check", "-C", "/nowhere/at/all"),
        ("render", "--brand", "retail"),
        ("serve", "--port", "65536"),
        ("serve", "--port", "-1"),
    ],
)
def test_a_wrong_command_line_ends_with_2(cli: Cli, arguments: tuple[str, ...]) -> None:
    code, out, err = cli(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err
    assert "--help" in err


@pytest.mark.parametrize(
    "command",
    [("check",), ("build",), ("serve",), ("relevance",), ("render", "--brand", "a", "--locale", "b", "--out", "c")],
)
def test_a_folder_without_a_project_ends_with_3(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    code, out, err = cli(*command, "-C", str(tmp_path))
    assert (code, out) == (3, "")
    assert "no mkdocs.yml" in err
    assert "-C" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says", "hint"),
    [
        (("--brand", "retial"), "no brand is called 'retial'", "retail, web"),
        (("--brand", "retail", "--brand", "x"), "no brand is called 'x'", "retail, web"),
        (("--locale", "fr"), "no language is called 'fr'", "ar, de, en"),
    ],
)
@pytest.mark.parametrize("command", ["check", "build", "relevance"])
def test_names_that_do_not_exist_end_with_3(
    cli: Cli, world: World, command: str, arguments: tuple[str, ...], says: str, hint: str
) -> None:
    code, out, err = cli(command, "-C", str(world.root), *arguments)
    assert (code, out) == (3, "")
    assert says in err
    assert hint in err
    assert not (world.root / "site").exists()


def test_a_language_that_the_brand_lacks_is_refused(cli: Cli, world: World) -> None:
    code, _, err = cli("build", "-C", str(world.root), "--brand", "web", "--locale", "ar")
    assert code == 3
    assert "--locale" in err
    code, _, err = cli(
        "render", "-C", str(world.root), "--brand", "web", "--locale", "ar", "--out", str(world.root / "b")
    )
    assert code in (2, 3)
    assert "'ar'" in err


def test_an_output_that_is_not_ours_ends_with_4(cli: Cli, world: World) -> None:
    code, out, err = cli("build", "-C", str(world.root), "--out", str(world.root))
    assert (code, out) == (4, "")
    assert "did not write" in err
    code, _, err = cli(
        "render", "-C", str(world.root), "--brand", "web", "--locale", "en", "--out", str(world.root / "mkdocs.yml/x")
    )  # fmt: skip
    assert code == 4
    assert "--out" in err


# Machine output -------------------------------------------------------------------------------------------------------

FINDING_KEYS = {"path", "line", "rule", "severity", "message", "remedy"}


def test_check_prints_one_json_object(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world({**BAD, **ODD})
    _, out, err = cli("check", "-C", str(world.root), "--json")
    assert err == ""
    found = json.loads(out)
    assert found.keys() == {"errors", "warnings", "findings"}
    assert (found["errors"], found["warnings"]) == (1, 1)
    assert all(one.keys() == FINDING_KEYS for one in found["findings"])
    assert [(one["path"], one["line"], one["rule"], one["severity"]) for one in found["findings"]] == [
        ("content/en/billing/bad.md", 4, "not-utf8", "error"),
        ("content/en/billing/odd.md", 3, "near-miss-key", "warning"),
    ]
    assert cli("check", "-C", str(world.root), "--format", "json")[1] == out


def test_build_prints_one_json_object(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world(ODD)
    code, out, err = cli("build", "-C", str(world.root), "--jobs", "1", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found.keys() == {
        "out", "installed", "rejected", "pages", "seconds", "cpu_seconds", "errors", "warnings", "sites", "findings",
        "read", "rendered", "written", "timings",
    }  # fmt: skip
    assert (found["out"], found["installed"], found["rejected"]) == (str(world.root / "site"), True, "")
    assert (found["errors"], found["warnings"], len(found["findings"])) == (0, 1, 1)
    assert found["findings"][0].keys() == FINDING_KEYS
    keys = {"brand", "locale", "pages", "articles", "fallback", "fallback_share"}
    assert all(site.keys() == keys for site in found["sites"])
    assert [(site["brand"], site["locale"]) for site in found["sites"]] == [
        ("retail", "ar"), ("retail", "de"), ("retail", "en"), ("web", "de"), ("web", "en"),
    ]  # fmt: skip
    assert found["pages"] == sum(site["pages"] for site in found["sites"])
    shares = {(site["brand"], site["locale"]): site["fallback_share"] for site in found["sites"]}
    assert (shares["retail", "ar"], shares["retail", "en"]) == (1.0, 0.0)


def test_a_refused_build_still_prints_one_json_object(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world(BAD)
    _, out, _ = cli("build", "-C", str(world.root), "--jobs", "1", "--json")
    found = json.loads(out)
    assert (found["installed"], found["rejected"]) == (False, str(world.root / "site.rejected"))
    assert found["errors"] == 1


def test_annotations_for_github_escape_what_would_end_them(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world({"content/en/billing/a,b:c%d\ne.md": "---\ntit%le: A\n---\n", **BAD})
    _, out, err = cli("check", "-C", str(world.root), "--format", "github")
    assert err == ""
    lines = out.splitlines()
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)
    assert "::error file=content/en/billing/bad.md,line=4,title=not-utf8::byte 0xe9 is not UTF-8." in out
    odd = next(line for line in lines if "bad.md" not in line)
    properties = odd.removeprefix("::error ").removeprefix("::warning ").partition("::")[0]
    assert "file=content/en/billing/a%2Cb%3Ac%25d%0Ae.md," in properties
    assert "'tit%25le'" in odd


def test_text_output_names_place_rule_and_remedy(cli: Cli, make_world: MakeWorld) -> None:
    _, out, _ = cli("check", "-C", str(make_world({**BAD, **ODD}).root))
    lines = out.splitlines()
    assert lines[0].startswith("content/en/billing/bad.md:4: error [not-utf8] ")
    assert lines[1].startswith("    Save the file as UTF-8")
    assert lines[2].startswith("content/en/billing/odd.md:3: warning [near-miss-key] ")
    assert lines[-1] == "1 errors, 1 warnings"


# Colours --------------------------------------------------------------------------------------------------------------


def on_a_terminal(world: World, *command: str, **environment: str) -> str:
    """What `hcgen COMMAND` (`check` unless given) prints on a terminal."""
    first, *rest = command or ("check",)
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "hcgen", first, "-C", str(world.root), *rest],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env={**kept, "TERM": "xterm", **environment},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    # Linux says EIO where the other end is closed.
    with contextlib.suppress(OSError):
        while data := os.read(ours, 65536):
            shown += data
    os.close(ours)
    process.wait(timeout=60)
    return shown.decode()


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_no_color_is_heeded_where_it_is_not_empty(make_world: MakeWorld, value: str, coloured: bool) -> None:
    shown = on_a_terminal(make_world(BAD), NO_COLOR=value)
    assert "[not-utf8]" in shown
    assert ("\x1b[31m" in shown) == coloured


# Bodies ---------------------------------------------------------------------------------------------------------------


def test_render_writes_bodies_without_a_page_around_them(cli: Cli, make_world: MakeWorld) -> None:
    world = make_world({
        "content/en/billing/secret.md": "---\ntitle: S\naudience: internal\n---\nSecret.\n",
        "content/en/billing/facts.md": "Mail {{ brand.support_email }}.\n\n/// brand | web\nWeb only.\n///\n",
    })  # fmt: skip
    out = world.root / "bodies"
    code, said, err = cli("render", "-C", str(world.root), "--brand", "retail", "--locale", "en", "--out", str(out))
    assert (code, err) == (0, "")
    bodies = {path.relative_to(out).as_posix(): path.read_text("utf-8") for path in out.rglob("*") if path.is_file()}
    assert bodies.keys() == {f"billing/{name}.html" for name in ("facts", "invoices", "refunds")}
    assert f"{len(bodies)} bodies in {out}" in said
    assert "<p>Mail retail@acme.example.</p>" in bodies["billing/facts.html"]
    assert "Web only." not in bodies["billing/facts.html"]
    assert "<ol>" in bodies["billing/refunds.html"]
    for body in bodies.values():
        assert not any(part in body for part in ("<html", "<head", "<body", "<nav", "<header", "<footer", "<script"))


# Hostile arguments ----------------------------------------------------------------------------------------------------

HOSTILE = [
    ("",), ("-",), ("--",), ("\x1b[31m",), ("build\n",), ("💥",), ("%s%n{0}",),
    ("-h", "-h", "--nothing"),
    ("build", "-C", ""), ("build", "-C", "/dev/null"), ("build", "-C", "x" * 5000), ("build", "-C", "\udcff"),
    ("check", "--brand", ""), ("check", "--brand", "../../etc"), ("check", "--brand", "retail,web"),
    ("check", "--locale", "\udcff"), ("check", "--locale", "en\x1b[0m"), ("check", "--brand", "💥" * 300),
    ("check", "--now", ""), ("check", "--now", "0001-01-01T00:00+23:59"), ("check", "--now", "9999-12-31T23:59-23:59"),
    ("check", "--now", "٢٠٢٦-٠٥-٠١"), ("check", "--now", "2026-02-30"), ("check", "--now", "-1"),
    ("check", "--now", "1e400"),
    ("build", "--jobs", "99999999999999999999999", "--brand", "x"), ("build", "--jobs", "0x10"),
    ("build", "--jobs", "1.5"),
    ("build", "--out", "mkdocs.yml"), ("build", "--out", "."), ("build", "--out", ".."), ("build", "--out", "/"),
    ("build", "--out", "/dev/null"), ("build", "--out", "content"), ("build", "--out", "mkdocs.yml/below"),
    ("render", "--brand", "retail", "--locale", "en", "--out", "/dev/null"),
    ("render", "--brand", "retail", "--locale", "en", "--out", "mkdocs.yml/x"),
    ("render", "--brand", "retail", "--locale", "../en", "--out", "bodies"),
    ("relevance", "--sample", "0"), ("relevance", "--queries", "nowhere.yml"), ("relevance", "--against", "\udcff"),
    ("relevance", "--locale", "en", "--queries", "mkdocs.yml"), ("relevance", "--against", "-o/tmp/x"),
    ("serve", "--port", "99999"), ("serve", "--port", "NaN"), ("serve", "--port", "80x"), ("serve", "--watch=1"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", HOSTILE, ids=lambda arguments: ascii(" ".join(arguments))[:60])
def test_hostile_arguments_never_end_in_a_fault_of_hcgen(
    cli: Cli, make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    world = make_world({"content/en/billing/dated.md": "---\ntitle: D\npublish_at: 2026-05-01T00:00+05:00\n---\nT\n"})
    monkeypatch.chdir(world.root)
    before = {path for path in world.root.rglob("*") if "bodies" not in path.parts}
    code, out, err = cli(*arguments)
    assert code in (0, 1, 2, 3, 4), err
    assert "Traceback" not in out + err
    assert code == 0 or err.strip()
    assert {path for path in world.root.rglob("*") if "bodies" not in path.parts} == before


@pytest.mark.parametrize("out", ["/proc/hcgen/site", "x" * 252])
def test_an_output_that_cannot_be_made_ends_with_4(cli: Cli, world: World, out: str) -> None:
    assert cli("build", "-C", str(world.root), "--out", out if out.startswith("/") else str(world.root / out))[0] == 4


def test_a_fault_of_ours_is_short_unless_asked_for(make_world: MakeWorld) -> None:
    """A plugin is other people's code: whatever it raises must not look like a wrong project."""
    world = make_world({"mkdocs.yml": MKDOCS, "theme/main.html": "{{ nothing.at.all }}"})
    done = world.run("build", "--jobs", "1", "--brand", "web", "--locale", "en")
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert "HCGEN_DEBUG=1" in done.stderr
    assert not (world.root / "site").exists()
    assert "Traceback" in world.run("build", "--jobs", "1", "--brand", "web", "--locale", "en", HCGEN_DEBUG="1").stderr
