"""Signed messages to other systems after a push: what was published, to whoever wants to know. Knows no CMS.

A message is signed with HMAC-SHA256 (RFC 2104) over its time and its body, so that a receiver knows who sent it, that
nothing was changed, and (by time and delivery) that it is not an old one sent again. docs/publishing-http.md has the
format and a receiver.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from hcgen.errors import ProjectError
from hcgen.model.target import Target
from hcgen.publish.apply import Report
from hcgen.publish.plan import Plan
from hcgen.publish.wire import TargetError, Wire
from hcgen.text import canonical_json

TIMESTAMP, SIGNATURE, DELIVERY = "hcgen-timestamp", "hcgen-signature", "hcgen-delivery"
WINDOW = 300
"""Seconds that a message may be old when it comes."""


class Hook(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told. `signed_with` is the name of one of the target's secrets."""

    url: str
    signed_with: str


def hooks_of(target: Target) -> tuple[Hook, ...]:
    """The receivers that the target's options name. Raises ProjectError where they are wrong."""
    try:
        return msgspec.convert(target.options.get("webhooks", []), tuple[Hook, ...])
    except msgspec.ValidationError as error:
        remedy = "Write a list below `options: webhooks:`, each with `url` and `signed_with`, the name of a secret."
        what = f"the webhooks of {target.name!r} are wrong: {error}"
        raise ProjectError(what, where=f"{target.path}:{target.line}", remedy=remedy) from None


def message(plan: Plan, report: Report) -> dict[str, Any]:
    """What is told of a run."""
    changes = [
        {
            "action": change.action.value, "brand": change.identity.brand, "kind": change.identity.kind.value,
            "key": change.identity.key, "locale": change.identity.locale, "id": change.id,
        }
        for change in plan.changes
        if change.identity is not None
    ]  # fmt: skip
    return {
        "event": "push.applied", "target": plan.target, "run": report.run, "plan": plan.digest,
        "complete": report.is_complete, "failures": len(report.failures), "changes": changes,
    }  # fmt: skip


def signed(body: bytes, secret: str, delivery: str, now: int) -> dict[str, str]:
    """The headers that prove a message."""
    sign = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: str(now), SIGNATURE: f"v1={sign}", DELIVERY: delivery, "content-type": "application/json"}


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str, now: int) -> bool:
    """Whether a message was signed with `secret` at most `WINDOW` seconds ago. Names of headers are in lower case."""
    stamp = headers.get(TIMESTAMP, "")
    if not (stamp.isascii() and stamp.isdigit() and abs(now - int(stamp)) <= WINDOW):
        return False
    wanted = signed(body, secret, "", int(stamp))[SIGNATURE]
    return hmac.compare_digest(headers.get(SIGNATURE, "").encode(), wanted.encode())


def announce(
    target: Target, told: Mapping[str, Any], secret: Callable[[str], str], open_wire: Callable[[], Wire]
) -> list[str]:
    """Tells every receiver; what went wrong. A message may come twice, under one delivery: the run's name."""
    hooks = hooks_of(target)
    if not hooks:
        return []
    wire = open_wire()
    try:
        return [trouble for hook in hooks if (trouble := _deliver(hook, told, secret, wire))]
    finally:
        wire.close()


def _deliver(hook: Hook, told: Mapping[str, Any], secret: Callable[[str], str], wire: Wire) -> str:
    body = canonical_json(told).encode()
    headers = signed(body, secret(hook.signed_with), str(told["run"]), int(time.time()))
    try:
        # Receivers know a delivery by its name, so it may be sent again.
        wire.send("POST", hook.url, content=body, headers=headers, repeats=True)
    except TargetError as error:
        return f"the webhook was not taken: {error.what}"
    return ""
