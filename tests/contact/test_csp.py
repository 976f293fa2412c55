"""The policy allows what a brand has configured and no more, and reaches pages, hosts and servers."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.contact.csp import HARDENING, content_security_policy
from hcgen.model.brand import Brand, Channel, Ticket
from hcgen.model.finding import Finding
from hcgen.model.locale import Localized
from hcgen.render.headers import header_files, root_header_files
from tests.world import RETAIL, World

PLAIN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
CHAT = Channel("chat", Localized((("", "Chat"),)), "https://c.example/", script="https://chat.example:8443/a.js?x=1")
BEACON = "beacon: https://beacon.example/v1\n"
CHANNEL = "channels: [{kind: chat, label: Chat, url: 'https://c.example', script: 'https://chat.example/a.js'}]\n"


def brand(**more: object) -> Brand:
    """A brand with these settings."""
    return Brand(
        "retail", "Acme", "https://help.acme.example/retail/", "brands/retail/brand.yml", ("en",), "en",
        {"en": ("en",)}, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def rules(policy: str) -> dict[str, list[str]]:
    """A policy's directives with their sources; each may stand once (CSP3, "parse a serialized CSP")."""
    parts = [part.split(" ") for part in policy.split("; ")]
    assert len({name for name, *_ in parts}) == len(parts)
    return {name: sources for name, *sources in parts}


def added(one: Brand) -> dict[str, list[str]]:
    """What the brand's policy has beyond the plain one."""
    plain = rules(PLAIN)
    found = {name: [s for s in sources if s not in plain.get(name, [])] for name, sources in
             rules(content_security_policy(one)).items()}  # fmt: skip
    return {name: sources for name, sources in found.items() if sources}


# What is allowed ------------------------------------------------------------------------------------------------------


def test_nothing_but_the_sites_own_files_unless_asked_for() -> None:
    assert content_security_policy(brand()) == content_security_policy(None) == PLAIN


def test_each_setting_adds_its_own_origin() -> None:
    assert added(brand(beacon="https://b.example/v1/view")) == {"connect-src": ["https://b.example"]}
    assert added(brand(channels=(CHAT,))) == {
        "script-src": ["https://chat.example:8443"],
        "img-src": ["https://chat.example:8443"],
        "connect-src": ["https://chat.example:8443", "wss://chat.example:8443"],
        "frame-src": ["https://chat.example:8443"],
    }


@pytest.mark.parametrize(
    ("ticket", "origin"),
    [
        (Ticket("zendesk", host="acme.zendesk.com"), "https://acme.zendesk.com"),
        (Ticket("salesforce", organisation="00D1"), "https://webto.salesforce.com"),
        (Ticket("url", template="https://t.example/new?s={title}&d={description}"), "https://t.example"),
        (Ticket("url", template="https://t.example/new?s={title}"), ""),
        (Ticket("mailto", email="h@a.example"), ""),
    ],
)
def test_forms_may_go_to_their_provider(ticket: Ticket, origin: str) -> None:
    assert added(brand(ticket=ticket)) == ({"form-action": [origin]} if origin else {})


# A brand's own directives ---------------------------------------------------------------------------------------------


def findings(make_world: Callable[..., World], more: str) -> list[Finding]:
    """What is wrong with a brand that says this, too."""
    world = make_world({"brands/retail/brand.yml": RETAIL + more})
    return [one for one in world.findings() if one.path == "brands/retail/brand.yml"]


def test_whole_directives_are_replaced(make_world: Callable[..., World]) -> None:
    more = "csp:\n  img-src: [\"'self'\", 'https://pictures.example']\n  font-src: [\"'self'\"]\n"
    assert findings(make_world, more) == []
    world = make_world({"brands/retail/brand.yml": RETAIL + more})
    found = rules(content_security_policy(world.project().brand("retail")))
    assert found["img-src"] == ["'self'", "https://pictures.example"]
    assert found["font-src"] == ["'self'"]
    assert found["script-src"] == ["'self'"]


@pytest.mark.parametrize(
    ("more", "directive", "source"),
    [
        (BEACON, "connect-src: [\"'self'\"]", "https://beacon.example"),
        (CHANNEL, 'script-src: ["\'self\'", "https://other.example"]', "https://chat.example"),
        (CHANNEL, "frame-src: [\"'none'\"]", "https://chat.example"),
        (CHANNEL, 'connect-src: ["\'self\'", "https://chat.example", "*"]', "wss://chat.example"),
        ("", 'script-src: ["https://cdn.example"]', "'self'"),
        ("", "form-action: [\"'none'\"]", "'self'"),
    ],
)
def test_a_directive_that_forbids_what_is_configured_fails(
    make_world: Callable[..., World], more: str, directive: str, source: str
) -> None:
    text = f"{RETAIL}{more}csp:\n  {directive}\n"
    found = findings(make_world, f"{more}csp:\n  {directive}\n")
    assert found
    assert {one.line for one in found} == {text.count("\n")}
    assert {one.rule for one in found} == {"brand-file"}
    assert any(f'"{source}"' in one.remedy for one in found), found


def test_a_form_that_the_brand_forbids_fails_the_build(make_world: Callable[..., World]) -> None:
    ticket = "ticket: {provider: salesforce, organisation: 00D1}\n"
    text = RETAIL.replace("ticket: {provider: mailto, email: retail@acme.example}\n", ticket)
    world = make_world({"brands/retail/brand.yml": f"{text}csp: {{form-action: [\"'self'\"]}}\n"})
    done = world.run("build")
    assert done.returncode == 1
    line = text.count("\n") + 1
    assert f"brands/retail/brand.yml:{line}: error [brand-file]" in done.stderr + done.stdout
    assert '"https://webto.salesforce.com" to `csp.form-action`' in done.stderr + done.stdout


@pytest.mark.parametrize("sources", ["https://beacon.example", "https:", "https://*.example", "beacon.example", "*"])
def test_wider_sources_cover_what_is_configured(make_world: Callable[..., World], sources: str) -> None:
    assert findings(make_world, f'{BEACON}csp: {{connect-src: ["\'self\'", "{sources}"]}}\n') == []


@pytest.mark.parametrize(
    "source", ["'self'; script-src *", "a b", "x,y", "'self'\\n", '\\"', "${x}", "{$HOME}"], ids=range(7)
)
def test_a_source_cannot_break_out_of_its_directive(make_world: Callable[..., World], source: str) -> None:
    found = findings_of_broken(make_world, f'csp: {{img-src: ["{source}"]}}\n')
    assert [one.rule for one in found] == ["brand-file"]


def findings_of_broken(make_world: Callable[..., World], more: str) -> list[Finding]:
    """What is wrong with a brand that is left out for it."""
    world = make_world({"brands/retail/brand.yml": RETAIL + more})
    return [one for one in world.project().findings if one.path == "brands/retail/brand.yml"]


# Where it goes --------------------------------------------------------------------------------------------------------


def test_every_page_carries_the_policy_before_anything_it_governs(example_site: Path) -> None:
    pages = sorted(example_site.rglob("*.html"))
    assert len(pages) > 500
    for path in pages:
        text = path.read_text("utf-8")
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        assert len(found) == 1, path
        policy = rules(html.unescape(found[0]))
        assert policy["default-src"] == ["'none'"], path
        assert "frame-ancestors" not in policy
        at = text.index("Content-Security-Policy")
        assert at < 400
        assert not re.search(r"<(?:link|script|style|img)\b", text[:at])


def test_headers_say_more_than_the_pages_only_where_a_meta_element_cannot(example_site: Path) -> None:
    for one in ("retail", "restaurant", "web"):
        headers = (example_site / one / "_headers").read_text("utf-8")
        sent = rules(re.findall(r"  Content-Security-Policy: (.*)", headers)[0])
        page = (example_site / one / "en" / "index.html").read_text("utf-8")
        carried = rules(html.unescape(re.findall(r'Security-Policy" content="([^"]*)"', page)[0]))
        assert sent == {**carried, "frame-ancestors": ["'self'"]}
        for name, value in HARDENING:
            assert f"  {name}: {value}\n" in headers


def test_nginx_takes_the_file(tmp_path: Path) -> None:
    one = brand(channels=(CHAT,), beacon="https://b.example/v1", ticket=Ticket("zendesk", host="a.zendesk.com"))
    files = dict(header_files(one))
    (tmp_path / "headers.nginx.conf").write_bytes(files["headers.nginx.conf"])
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n  access_log off;\n"
        f"  server {{\n    listen 127.0.0.1:8080;\n    location /retail/ {{\n      root {tmp_path};\n"
        f"      include {tmp_path}/headers.nginx.conf;\n    }}\n  }}\n}}\n",
        "utf-8",
    )
    # Dumped as nginx read it, and refused if it could not.
    done = subprocess.run(
        ["nginx", "-T", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f'add_header Content-Security-Policy "{content_security_policy(one)}" always;' in done.stdout


def test_caddy_takes_the_files(tmp_path: Path) -> None:
    one = brand(channels=(CHAT,), beacon="https://b.example/v1")
    other = Brand("web", "Web", "https://help.acme.example/", "brands/web/brand.yml", ("en",), "en", {"en": ("en",)})
    (tmp_path / "headers.caddy").write_bytes(dict(root_header_files([one, other]))["headers.caddy"])
    (tmp_path / "Caddyfile").write_text(f"http://127.0.0.1:0 {{\n\timport {tmp_path}/headers.caddy\n}}\n", "utf-8")
    done = subprocess.run(
        ["caddy", "adapt", "--validate", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"],
        capture_output=True, text=True, check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for value in (content_security_policy(one), content_security_policy(other), *(value for _, value in HARDENING)):
        assert value in done.stdout
    assert '"path":["/retail/*"]' in done.stdout
    assert '"path":["/retail/assets/*"]' in done.stdout
