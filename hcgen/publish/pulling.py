"""A pull with all that it needs: what stands over there, what was pushed last, where addresses lead, files fetched.

Reads targets, ledger and journals, and writes nothing but copies of what it took: by them a later pull tells what is
new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import msgspec

from hcgen.model.project import Project
from hcgen.model.target import Target
from hcgen.pages.addresses import absolute, address
from hcgen.publish import journal as journals
from hcgen.publish.desired import Group, scopes_of, wishes
from hcgen.publish.downloads import Download, Shelf
from hcgen.publish.homeward import Homeward, Place
from hcgen.publish.importing import Importer, NewFile
from hcgen.publish.ledger import Entry, Ledger, put_bytes, read_ledger
from hcgen.publish.look import Seen, look
from hcgen.publish.port import Reader
from hcgen.publish.pull import Bases, Harvest, Puller
from hcgen.publish.values import Content, Desired, Identity, Kind, Remote, Scope
from hcgen.publish.wire import Refused, TargetError, Wire

_HOPS = 5
_LARGEST = 20_000_000


def pull_changes(
    project: Project, target: Target, reader: Reader, wanted: Callable[[Identity], bool], scopes: Sequence[Scope]
) -> tuple[Harvest, Seen]:
    """What moved over there since the last push or pull, as changes to files."""
    ledger = read_ledger(target)
    firsts: dict[Group, str] = {
        (one.brand, one.kind, one.key): one.locale for one, entry in ledger.entries.items() if entry.leads
    }
    wished = wishes(project, target, reader.capabilities, firsts)
    seen = _look(reader, target, scopes)
    shelf = Shelf(_paths(project), _names(seen), urlsplit(target.url).netloc)
    homes = {scope.brand: home_of(project, ledger, seen, scope.brand) for scope in wished.scopes}
    puller = Puller(project, target, ledger, wished, homes, shelf, bases(target, ledger, seen))
    return puller.pull(seen.remotes.values(), wanted, scopes), seen


def import_all(
    project: Project,
    target: Target,
    reader: Reader,
    scopes: Sequence[Scope],
    fetch: Callable[[Download], tuple[int, int]],
) -> list[NewFile]:
    """All that stands over there and is not ours yet, as new files. `fetch` gets a file and tells a picture's size."""
    ledger = read_ledger(target)
    ours = {entry.id for entry in ledger.entries.values()}
    seen = _look(reader, target, scopes)
    found: list[NewFile] = []
    for brand in dict.fromkeys(scope.brand for scope in scopes):
        remotes = [one for one in seen.remotes.values() if one.brand == brand]
        importer = Importer(project, target, brand, _paths(project), home=home_of(project, ledger, seen, brand))
        importer.keys = {entry.id: identity.key for identity, entry in ledger.entries.items()}
        files = [one for scope, some in seen.files.items() if scope.brand == brand for one in some]
        found += importer.take([one for one in remotes if one.id not in ours], files, fetch)
    return found


def scopes_to_pull(
    project: Project, target: Target, brands: Iterable[str], locales: Iterable[str]
) -> tuple[Scope, ...]:
    """The target's brands and languages, as far as they are asked for."""
    named, codes = frozenset(brands), frozenset(locales)
    return tuple(
        scope
        for scope in scopes_of(project, target)
        if (not named or scope.brand in named) and (not codes or scope.locale in codes)
    )


def home_of(project: Project, ledger: Ledger, seen: Seen, brand: str) -> Homeward:
    """What the addresses of one brand mean in its source files."""
    home = Homeward()
    for (scope, _, path), asset in project.library.assets.items():
        if scope in ("", brand):
            home.learn_file(asset.digest, path)
            home.sizes[path] = (asset.width, asset.height)
    for _, locale, key in project.library.articles:
        if locale in project.brand(brand).locales:
            static = absolute(project.brand(brand), locale, address(key))
            home.learn_page(static, Place(locale, f"{key}.md"))
    for identity, entry in ledger.entries.items():
        if identity.brand == brand:
            remote = seen.remotes.get(entry.id)
            ending = ".md" if identity.kind is Kind.ARTICLE else "/index.md"
            home.learn_page(remote.url if remote else entry.url, Place(identity.locale, identity.key + ending))
    known = [(one.url, one.digest) for some in seen.files.values() for one in some]
    for url, digest in (*((one.url, one.digest) for one in ledger.files.values()), *known):
        if url and digest in home.files:
            home.learn_file(url, home.files[digest])
    return home


def bases(target: Target, ledger: Ledger, seen: Seen) -> Bases:
    """What was last pushed or pulled of each thing: as it was read back, else as Git has it where that is the same."""
    moved = {
        entry.remote
        for entry in ledger.entries.values()
        if entry.id in seen.remotes and seen.remotes[entry.id].fingerprint != entry.remote
    }
    known = _read_back(target, moved)

    def base_of(entry: Entry, wish: Desired) -> Content | None:
        if entry.remote in known:
            return known[entry.remote]
        return wish.content if wish.digest == entry.source else None

    return base_of


def remember(target: Target, remotes: Iterable[Remote]) -> None:
    """Keeps what was pulled, for the next pull to tell what is new."""
    folder = journals.folder_of(target) / "pulled"
    for remote in remotes:
        put_bytes(folder / f"{remote.fingerprint}.json", msgspec.json.encode(remote.content))


def _read_back(target: Target, wanted: set[str]) -> dict[str, Content]:
    """Contents by fingerprint: of what was pulled before, and of what journals say was read back."""
    found: dict[str, Content] = {}
    for sign in wanted:
        path = journals.folder_of(target) / "pulled" / f"{sign}.json"
        if path.is_file():
            found[sign] = msgspec.json.decode(path.read_bytes(), type=Content)
    for path in reversed(journals.runs(target)):
        if wanted <= found.keys():
            break
        for record in journals.records(path):
            after = record.after if isinstance(record, journals.Done) else None
            if after is not None and after.fingerprint in wanted:
                found.setdefault(after.fingerprint, after.content)
    return found


def fetch(url: str, own: Wire, public: Wire) -> bytes | None:
    """A file over there; None where it cannot be had. Only the target's own host learns who we are."""
    for _ in range(_HOPS):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return None
        wire = own if (parts.scheme, parts.netloc) == urlsplit(own.base)[:2] else public
        try:
            answer = wire.get(url, missing=True)
        except Refused as error:
            if not error.location:
                return None
            url = urljoin(url, error.location)
            continue
        except TargetError:
            return None
        data = answer.content if answer else None
        return data if data and len(data) <= _LARGEST else None
    return None


def _look(reader: Reader, target: Target, scopes: Sequence[Scope]) -> Seen:
    seen = look(reader, target, tuple(scopes))
    if seen.troubles:
        raise TargetError(seen.troubles[0], where=f"{target.path}:{target.line}")
    return seen


def _paths(project: Project) -> frozenset[str]:
    library = project.library
    articles = (*library.articles.values(), *library.indexes.values())
    return frozenset((*(one.path for one in articles), *(one.path for one in library.assets.values())))


def _names(seen: Seen) -> Mapping[str, str]:
    return {one.url: one.name for some in seen.files.values() for one in some if one.url}
