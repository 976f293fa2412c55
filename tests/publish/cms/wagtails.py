"""A real Wagtail on loopback: an environment of its own from PyPI, a database filled once and copied for each boot."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.publish.cms.booting import CACHE, HERE, alone, run, running, sign_of
from tests.world import ROOT

PACKAGES = ("wagtail>=8.0.1,<8.1", "waitress>=3,<4")
APP = ROOT / "extras" / "wagtail"
PROJECT = HERE / "wagtail"
BRANDS = ("retail", "web")


@dataclass(frozen=True)
class Wagtail:
    """A running site: one home page a brand in eight languages, and the tokens of two users."""

    url: str
    token: str
    person: str
    log: Path


@contextmanager
def booted(brands: tuple[str, ...] = BRANDS, *, has_app: bool = True) -> Iterator[Wagtail]:
    """Boots it, with the home pages of two brands at most; without `has_app`, with the API as Wagtail has it."""
    python = _environment()
    with tempfile.TemporaryDirectory(prefix="hcgen-wagtail-") as name:
        state = Path(name)
        paths = {"HC_STATE": str(state), "PYTHONPATH": f"{APP}:{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"}
        template = _filled(python, brands)
        for file in template.iterdir():
            shutil.copyfile(file, state / file.name)
        tokens = json.loads((state / "tokens.json").read_text("utf-8"))
        paths["HC_BARE"] = "" if has_app else "1"
        with running([python, PROJECT / "serve.py"], state / "log", paths) as server:
            assert server.stdout
            line = server.stdout.readline()
            assert line, (state / "log").read_text("utf-8")
            yield Wagtail(f"http://127.0.0.1:{int(line)}", tokens["publisher"], tokens["person"], state / "log")


def _environment() -> Path:
    """The Python of the environment, made at the first run."""
    home = CACHE / f"wagtail-{sign_of(*PACKAGES, sys.version)}"
    python = home / "bin" / "python"
    with alone("wagtail"):
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            run([ROOT / ".ci" / "environment", sys.executable, home])
            run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES])
            (home / "ready").touch()
    return python


def _filled(python: Path, brands: tuple[str, ...]) -> Path:
    """A folder with a database as `seed.py` fills it, made once for each state of its sources."""
    home = CACHE / f"wagtail-db-{sign_of(APP, PROJECT, *brands, *PACKAGES)}"
    with alone("wagtail"):
        if not home.exists():
            beside = Path(tempfile.mkdtemp(prefix="filling-", dir=CACHE))
            paths = {"HC_STATE": str(beside), "PYTHONPATH": f"{APP}:{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"}
            (beside / "tokens.json").write_text(run([python, PROJECT / "seed.py", *brands], paths), "utf-8")
            beside.rename(home)
    return home
