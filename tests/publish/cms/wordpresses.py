"""A real WordPress on loopback, from Debian's packages: a network with one site a language, and a MariaDB of its own.

Its database is filled once and copied for each boot; its own files stay where Debian has them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.publish.cms.booting import CACHE, HERE, alone, run, running, sign_of
from tests.world import ROOT

DEBIAN = Path("/usr/share/wordpress")
PLUGIN = ROOT / "extras" / "wordpress" / "hcgen.php"
PROJECT = HERE / "wordpress"
LOCALES = ("en", "de")
"""The first has the site at the root."""
_DATABASE = (
    "--no-defaults", "--skip-networking", "--skip-name-resolve", "--performance-schema=0", "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--innodb-flush-method=nosync",
    "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=32M", "--aria-pagecache-buffer-size=2M",
)  # fmt: skip
_SITES = """\
UPDATE wp_blogs SET domain = '{host}'; UPDATE wp_site SET domain = '{host}';
UPDATE wp_sitemeta SET meta_value = 'http://{host}/' WHERE meta_key = 'siteurl';
"""
_OPTIONS = """\
UPDATE {table} SET option_value = REPLACE(option_value, 'http://127.0.0.1', 'http://{host}')
WHERE option_name IN ('siteurl', 'home');
"""


@dataclass(frozen=True)
class WordPress:
    """A running network. `passwords` are of the users admin (who may write any HTML), publisher and person."""

    url: str
    passwords: Mapping[str, str]
    state: Path


def missing() -> str:
    """Why WordPress cannot be booted here, "" where it can."""
    programs = [name for name in ("php", "mariadbd", "mariadb-install-db", "mariadb") if not _program(name)]
    if programs or not (DEBIAN / "wp-load.php").is_file():
        return "WordPress is not installed (tests/system-packages does it on Debian): no WordPress was published to"
    return ""


@contextmanager
def booted(plugin: Path | None = PLUGIN) -> Iterator[WordPress]:
    """Boots it, with `plugin` for all sites."""
    template = _filled()
    # In /tmp: the path of a socket has 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="hcgen-wp-", dir="/tmp") as name:
        state = Path(name)
        shutil.copytree(template / "data", state / "data")
        _tree(state, plugin)
        passwords = json.loads((template / "passwords.json").read_text("utf-8"))
        with _database(state), _server(state) as host:
            tables = ["wp_options", *(f"wp_{number}_options" for number in range(2, len(LOCALES) + 1))]
            wanted = _SITES + "".join(_OPTIONS.replace("{table}", table) for table in tables)
            _query(state, wanted.replace("{host}", host), "wordpress")
            found = WordPress(f"http://{host}", passwords, state)
            for locale in LOCALES:
                answer = httpx.get(f"{found.url}{site_of(locale)}/wp-json/wp/v2/pages", timeout=120)
                assert answer.status_code == 200, f"{answer.text[:500]}\n{_log(state)}"
            yield found


def site_of(locale: str) -> str:
    """Where the site of a language is."""
    return "" if locale == LOCALES[0] else f"/{locale}"


def _filled() -> Path:
    """A folder with a database as `seed.php` fills it, made once for each state of its sources."""
    version = (DEBIAN / "wp-includes" / "version.php").read_text("utf-8")
    home = CACHE / f"wordpress-{sign_of(version, run([_program('mariadbd'), '--version']), PROJECT, *LOCALES)}"
    with alone("wordpress"):
        if not home.exists():
            CACHE.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="hcgen-wp-", dir="/tmp") as name:
                state = Path(name)
                _tree(state, None)
                run([
                    _program("mariadb-install-db"), "--no-defaults", f"--datadir={state}/data", *_user(),
                    "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=4M",
                ])  # fmt: skip
                with _database(state):
                    _query(state, "CREATE DATABASE wordpress CHARACTER SET utf8mb4")
                    run(["php", PROJECT / "seed.php", "one"], _environment(state, network=False))
                    done = run(["php", PROJECT / "seed.php", "sites", *LOCALES[1:]], _environment(state))
                beside = Path(tempfile.mkdtemp(prefix="filling-", dir=CACHE))
                shutil.copytree(state / "data", beside / "data", ignore=shutil.ignore_patterns("ib_buffer_pool"))
                (beside / "passwords.json").write_text(json.dumps(json.loads(done.splitlines()[-1])), "utf-8")
                for old in CACHE.glob("wordpress-*"):
                    shutil.rmtree(old)
                beside.rename(home)
    return home


def _tree(state: Path, plugin: Path | None) -> None:
    """The folder that is served: Debian's files, our settings, and a content folder of its own."""
    www = state / "www"
    content = www / "wp-content"
    (content / "mu-plugins").mkdir(parents=True)
    (content / "uploads").mkdir()
    for path in DEBIAN.iterdir():
        if path.name not in ("wp-content", "wp-config.php", ".htaccess"):
            (www / path.name).symlink_to(path)
    shutil.copytree(PROJECT / "theme", content / "themes" / "plain")
    shutil.copyfile(PROJECT / "wp-config.php", www / "wp-config.php")
    if plugin:
        shutil.copyfile(plugin, content / "mu-plugins" / plugin.name)


@contextmanager
def _database(state: Path) -> Iterator[None]:
    command: list[str | Path] = [
        _program("mariadbd"), *_DATABASE, *_user(), f"--datadir={state}/data", f"--socket={state}/socket",
        f"--pid-file={state}/pid",
    ]  # fmt: skip
    with running(command, state / "mariadb.log") as server:
        _await(lambda: (state / "socket").exists() or server.poll() is not None)
        assert server.poll() is None, (state / "mariadb.log").read_text("utf-8")
        yield


@contextmanager
def _server(state: Path) -> Iterator[str]:
    command: list[str | Path] = [
        "php", "-d", "memory_limit=256M", "-d", "upload_max_filesize=32M", "-d", "post_max_size=40M",
        "-d", "opcache.enable_cli=1", "-d", f"error_log={state}/php.log", "-S", "127.0.0.1:0", "-t", state / "www",
        PROJECT / "router.php",
    ]  # fmt: skip
    log = state / "http.log"
    with running(command, log, {**_environment(state), "PHP_CLI_SERVER_WORKERS": "3"}) as server:
        pattern = re.compile(r"\(http://(127\.0\.0\.1:\d+)\) started")
        _await(lambda: pattern.search(log.read_text("utf-8")) is not None or server.poll() is not None)
        started = pattern.search(log.read_text("utf-8"))
        assert started, log.read_text("utf-8")
        yield started[1]


def _environment(state: Path, *, network: bool = True) -> dict[str, str]:
    return {"HC_STATE": str(state), "HC_SOCKET": f"{state}/socket", "HC_NETWORK": "1" if network else ""}


def _query(state: Path, sql: str, database: str = "") -> None:
    run(
        ["mariadb", "--no-defaults", f"--socket={state}/socket", "-uroot", *([database] if database else [])], stdin=sql
    )


def _program(name: str) -> str:
    return shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin") or ""


def _user() -> tuple[str, ...]:
    """MariaDB refuses to run as root unless it is told to."""
    return ("--user=root",) if os.geteuid() == 0 else ()


def _await(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came up")


def _log(state: Path) -> str:
    return "".join(path.read_text("utf-8", "replace")[-2000:] for path in state.glob("*.log"))
