"""A target opened: its provider by its entry point, one wire, its secrets in a vault. Names no provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from hcgen import plugins
from hcgen.model.target import Target
from hcgen.publish.port import Provider, Reader, Writer
from hcgen.publish.secrets import Vault
from hcgen.publish.wire import Wire

GROUP = "hcgen.providers"
_TIMEOUT = 30.0


@contextmanager
def reading(target: Target) -> Iterator[Reader]:
    """A reader of `target`: it has no verb that writes."""
    with _wire(target) as (provider, wire):
        yield provider.reader(target, wire)


@contextmanager
def looking(target: Target) -> Iterator[tuple[Reader, Wire]]:
    """A reader of `target` and the wire that it looks through, by which files over there are fetched."""
    with _wire(target) as (provider, wire):
        yield provider.reader(target, wire), wire


@contextmanager
def writing(target: Target, vault: Vault | None = None) -> Iterator[Writer]:
    """A writer of `target`."""
    with _wire(target, vault) as (provider, wire):
        yield provider.writer(target, wire)


@contextmanager
def _wire(target: Target, vault: Vault | None = None) -> Iterator[tuple[Provider, Wire]]:
    provider = cast(Provider, plugins.load(GROUP, target.provider))
    vault = vault or Vault(target)
    timeout = float(str(target.options.get("timeout", _TIMEOUT)))
    wire = Wire(target.url, rate=target.rate, secret=vault, timeout=timeout)
    try:
        with vault.guarded():
            yield provider, wire
    finally:
        wire.close()


def public_wire() -> Wire:
    """A wire that knows no secret, for looking at public pages as anybody does."""
    return Wire("", timeout=15.0, patience=2)
