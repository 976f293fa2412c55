"""A revision of the project out of Git, as files. The repository is only read."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

from hcgen.errors import ProjectError, ToolError

# All that a project is made of.
_OURS = ("content", "brands", "theme", "mkdocs.yml")


def check_out(root: Path, revision: str, folder: Path) -> None:
    """Writes the project in `root` as it was in `revision` into `folder`, links left out.

    Raises ProjectError where there is no such revision, or no project in it.
    """
    program = shutil.which("git")
    if program is None:
        raise ToolError("the program `git` is not there", remedy="Install Git, or leave --against out.")
    asked = [program, "-C", str(root), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    named = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    if named.returncode:
        remedy = "Name a commit, branch or tag of the project's repository; a shallow clone has few (fetch-depth: 0)."
        raise ProjectError(f"no revision is called {revision!r}", where=str(root), remedy=remedy)
    # In a folder of a repository, this folder alone is written.
    command = [program, "-C", str(root), "archive", "--format=tar", named.stdout.strip()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    data = archive.extractfile(member) if member.isreg() else None
                    if data and member.name.split("/")[0] in _OURS:
                        (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
                        (folder / member.name).write_bytes(data.read())
        except tarfile.TarError as error:
            process.kill()
            raise ToolError(f"git archive gave no files: {error}", remedy="Run `git fsck` in the project.") from None
    if not (folder / "mkdocs.yml").is_file():
        remedy = "Name a later revision."
        raise ProjectError(f"there is no mkdocs.yml in {revision!r}", where=str(root), remedy=remedy)
