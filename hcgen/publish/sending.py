"""What is sent for a desired item, once ids and addresses are known, and how it differs from what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.markup.fragment import plain_text
from hcgen.publish.html import canonical
from hcgen.publish.references import Reference, references, resolve
from hcgen.publish.values import Content, Desired, Identity, Kind, Remote, Scope, State, fingerprint

_UNSHOWN = re.compile(r"<(script|style|iframe|object)\b.*?</\1\s*>", re.I | re.S)
FileKey = tuple[str, str, str, str]
FIELDS = ("title", "body", "summary", "labels", "position", "is_internal", "is_outdated", "state")


class Sending(Struct, frozen=True):
    """A content with addresses, and where it goes. `missing` names what had no address yet."""

    content: Content
    parent: str
    slug: str
    missing: tuple[Reference, ...] = ()
    lacks_parent: bool = False
    """Whether its folder is not there yet."""

    @property
    def is_open(self) -> bool:
        """Whether something of it is not known yet."""
        return self.lacks_parent or bool(self.missing)

    @property
    def digest(self) -> str:
        """Of all that is sent."""
        return fingerprint((self.parent, self.slug, self.content))


class Places(Struct):
    """Ids and addresses of what stands over there, and of what comes into being while a plan is applied."""

    reach: Literal["locale", "brand", "target"]
    elsewhere: Callable[[Identity], str]
    """Where readers find what the target does not have."""
    ids: dict[Identity, str] = field(default_factory=dict)
    urls: dict[Identity, str] = field(default_factory=dict)
    files: dict[FileKey, str] = field(default_factory=dict)
    """Addresses of files, by `file_key`."""
    coming: frozenset[Identity] = frozenset()
    """What will have an address, another than now or the first."""
    owners: bool = False
    """Whether files belong to articles."""

    def file_key(self, scope: Scope, digest: str, owner: str = "") -> FileKey:
        """How the file `digest` is known in `scope`: brand, language, digest, owner; "" for what it serves all of."""
        brand = "" if self.reach == "target" else scope.brand
        return brand, scope.locale if self.reach == "locale" else "", digest, owner

    def file_of(self, identity: Identity, digest: str) -> FileKey:
        """The same for what the body of `identity` names."""
        owner = self.ids.get(identity, "") if self.owners else ""
        return self.file_key(Scope(identity.brand, identity.locale), digest, owner)

    def parent_id(self, desired: Desired) -> str:
        """The id of the folder that `desired` stands in; "" at the top, and where it is not there yet."""
        if not desired.parent:
            return ""
        one = desired.identity
        kinds: tuple[Kind, ...] = (Kind.CATEGORY, Kind.SECTION)
        if one.kind is Kind.ARTICLE:
            # A section of the category's own name comes first: it is there to hold articles.
            kinds = (Kind.SECTION, Kind.CATEGORY)
        elif one.key == desired.parent:
            kinds = (Kind.CATEGORY,)
        for kind in kinds:
            found = self.ids.get(Identity(one.brand, kind, desired.parent, one.locale))
            if found:
                return found
        return ""

    def prepare(self, desired: Desired, literal_parent: str | None = None) -> Sending:
        """What is sent for `desired`."""
        identity, missing = desired.identity, list[Reference]()

        def address_of(reference: Reference) -> str | None:
            if reference.kind == "asset":
                found = self.files.get(self.file_of(identity, reference.scope))
                if found is None:
                    missing.append(reference)
                return found
            named = Identity(identity.brand, Kind(reference.kind), reference.name, reference.scope)
            if named in self.coming:
                missing.append(reference)
            return self.urls.get(named) or self.elsewhere(named)

        body = resolve(desired.content.body, address_of)
        parent = self.parent_id(desired) if literal_parent is None else literal_parent
        lacks_parent = literal_parent is None and bool(desired.parent) and not parent
        return Sending(replace(desired.content, body=body), parent, desired.slug, tuple(missing), lacks_parent)


def assets_of(body: str) -> tuple[str, ...]:
    """Digests of the files that a body with references names."""
    return tuple(dict.fromkeys(one.scope for one in references(body) if one.kind == "asset"))


def differing(remote: Remote, sending: Sending) -> tuple[str, ...]:
    """Names of the fields in which what stands there says something else than what would be sent.

    A slug is the target's to choose; it is looked at only where it says what ours is.
    """
    found = [name for name in FIELDS if not is_same(name, remote.content, sending.content)]
    if remote.parent != sending.parent:
        found.append("parent")
    return tuple(found)


def is_same(name: str, there: Content, ours: Content) -> bool:
    """Whether one field says the same; a field that is None is not looked at."""
    theirs, wanted = getattr(there, name), getattr(ours, name)
    if name == "body":
        return theirs == wanted or canonical(theirs) == canonical(wanted)
    if wanted is None or theirs is None:
        return True
    return sorted(theirs) == sorted(wanted) if name == "labels" else bool(theirs == wanted)


def words_of(body: str) -> str:
    """The words of a body, without what a sanitiser takes out whole."""
    return plain_text(_UNSHOWN.sub(" ", body))


def is_blank(remote: Remote) -> bool:
    """Whether it is what `create` makes: a draft without a text, which nobody has touched."""
    return remote.content.state is State.DRAFT and not remote.content.body.strip() and not remote.pending


def leads(remote: Remote, shared: frozenset[str]) -> bool:
    """Whether it holds what its translations share."""
    return any(getattr(remote.content, name) is not None for name in shared - {"parent"})
