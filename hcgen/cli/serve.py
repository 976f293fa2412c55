"""`hcgen serve`: what was built, on loopback, built again after each save."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import click

from hcgen.cli.options import project_option, shard_options
from hcgen.cli.output import say, say_error, say_findings
from hcgen.errors import HcgenError


@click.command("serve")
@project_option
@shard_options
@click.option("--out", type=click.Path(path_type=Path), help="The built site. [default: PROJECT/site]")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="Port on 127.0.0.1; 0 takes a free one.",
              show_default=True)  # fmt: skip
@click.option("--watch/--no-watch", "watching", default=True, help="Build again after a save.", show_default=True)
def command(
    root: Path, brands: tuple[str, ...], locales: tuple[str, ...], out: Path | None, port: int, watching: bool
) -> None:
    """Serve what was built, with the headers and 404s of a real host, and rebuild what is saved.

    Builds first where nothing is built yet. Listens on 127.0.0.1 alone.

    \b
    Examples:
      hcgen serve
      hcgen serve --port 8080 --brand retail --locale de
    """
    from hcgen.builds.build import build
    from hcgen.builds.install import MANIFEST
    from hcgen.builds.wanted import Wanted, wanted_shards
    from hcgen.files.project import read_frame
    from hcgen.serve.server import make_server, mounts_of, watch
    from hcgen.serve.watch import take

    gc.enable()
    site = (out or root / "site").absolute()
    state = {"mounts": mounts_of(read_frame(root).brands, site)}

    def build_once(paths: list[str]) -> None:
        report = build(root, site, Wanted(brands, locales))
        state["mounts"] = mounts_of(read_frame(root).brands, site)
        say_findings(report.findings, most=20, error=True)
        what = f"{len(paths)} files changed: " if paths else ""
        verdict = "" if report.installed else "; errors keep the old pages in place"
        say(f"{what}{report.pages} pages in {report.seconds:.1f} s{verdict}")

    def rebuild(paths: list[str]) -> None:
        try:
            build_once(paths)
        except HcgenError as error:
            say_error(error)

    # Taken first: what is saved while the first build runs is built again after it.
    picture = take(root.resolve())
    frame = read_frame(root)
    wanted_shards(frame.brands, frame.settings.locales, Wanted(brands, locales))
    if not (site / MANIFEST).is_file():
        build_once([])
    server = make_server(site, lambda: state["mounts"], port)
    say(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl+C stops)", bold=True)
    stop = threading.Event()
    if watching:
        threading.Thread(target=watch, args=(root.resolve(), picture, rebuild, stop), daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.2)
    finally:
        stop.set()
        server.server_close()
