"""The browser's script run in Node.js, with files in the place of a host."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hcgen.search.languages import language
from hcgen.search.runtime import runtime
from tests.world import ROOT

# `fetch` of files, as a static host answers, with what was asked for; `out` prints the answer.
_PREAMBLE = """\
import fs from "node:fs";
import { analyse, create } from "./runtime.mjs";
const asked = [];
const fetch = async (path, options = {}) => {
  asked.push([path, options.cache || ""]);
  if (!fs.existsSync(path)) return { ok: false, status: 404, json: async () => { throw new Error("no body"); } };
  return { ok: true, status: 200, json: async () => JSON.parse(fs.readFileSync(path, "utf8")) };
};
const out = (value) => console.log(JSON.stringify(value));
const input = JSON.parse(fs.readFileSync("./input.json", "utf8"));
"""


def run(folder: Path, code: str, script: str, given: object = None) -> Any:
    """What `script` prints with `out(...)`: it has `input` (`given`), `analyse`, `create`, `fetch`, `asked`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "runtime.mjs").write_text(runtime(ROOT / "theme" / "search", language(code)), "utf-8")
    (folder / "input.json").write_text(json.dumps(given), "utf-8")
    (folder / "main.mjs").write_text(_PREAMBLE + script, "utf-8")
    done = subprocess.run(["node", "main.mjs"], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def modules(folder: Path) -> Path:
    """The modules of theme/search in `folder`, each for itself, to be imported by a script that `run` runs there."""
    for path in (ROOT / "theme" / "search").glob("*.js"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return folder


def write(folder: Path, files: dict[str, bytes]) -> None:
    """The files of an index in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
