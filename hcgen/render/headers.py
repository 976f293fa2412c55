"""The headers that a brand's pages should be sent with, as files that hosts and servers read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hcgen.contact.csp import content_security_policy, security_headers
from hcgen.model.brand import Brand

# Names of files below assets/ change with what is in them.
_CACHE = ("Cache-Control", "public, max-age=31536000, immutable")
# The search index may be read from other origins (a product's own pages): it holds what anybody can read here.
_SHARED = ("Access-Control-Allow-Origin", "*")


def header_files(brand: Brand) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the brand's headers for hosts that read `_headers`, for nginx and for Caddy."""
    yield "_headers", _headers(brand).encode()
    yield "headers.nginx.conf", _nginx(brand).encode()
    yield "headers.caddy", _caddy(brand).encode()


def root_header_files(brands: Iterable[Brand]) -> Iterator[tuple[str, bytes]]:
    """The same for all brands below one host, where the format tells their paths apart (nginx's does not)."""
    found = list(brands)
    yield "_headers", "".join(map(_headers, found)).encode()
    yield "headers.caddy", "".join(map(_caddy, found)).encode()


def meta_policy(brand: Brand | None) -> str:
    """The content security policy that a page carries in itself, for hosts that send no headers."""
    return content_security_policy(brand, in_meta=True)


def _headers(brand: Brand) -> str:
    """Netlify's and Cloudflare Pages's format: a path, then its headers, indented."""
    lines = [f"{brand.base_path}*", *(f"  {name}: {value}" for name, value in security_headers(brand))]
    lines += [f"{brand.base_path}assets/*", "  {}: {}".format(*_CACHE)]
    for path in _search_paths(brand):
        lines += [f"{path}*", "  {}: {}".format(*_SHARED)]
    return "\n".join(lines) + "\n"


def _nginx(brand: Brand) -> str:
    """Lines of ngx_http_headers_module: a location that has one of its own inherits none, so include them there.

    They are the same for all paths. Which of them others may read is for a location to say (docs/search.md).
    """
    lines = [f"# Headers of {brand.site_url}: include this file in every location of the brand."]
    lines += [f'add_header {name} "{value}" always;' for name, value in security_headers(brand)]
    return "\n".join(lines) + "\n"


def _caddy(brand: Brand) -> str:
    """Lines of a Caddyfile's `header` directive: import this file in the site's block."""
    lines = [f"# Headers of {brand.site_url}: import this file in the site's block.", f"header {brand.base_path}* {{"]
    lines += [f'\t{name} "{value}"' for name, value in security_headers(brand)]
    lines += ["}", 'header {}assets/* {} "{}"'.format(brand.base_path, *_CACHE)]
    lines += ['header {}* {} "{}"'.format(path, *_SHARED) for path in _search_paths(brand)]
    return "\n".join(lines) + "\n"


def _search_paths(brand: Brand) -> list[str]:
    return [f"{brand.base_path}{code}/search/" for code in brand.locales]
