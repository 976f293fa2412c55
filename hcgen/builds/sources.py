"""Sources to a project, reading and converting only what is not known from an earlier build.

What a file holds depends on the file alone; what its Markdown becomes also on the snippets and brand names where it
has blocks or includes (`context`). Both are kept by path, and are as good as new where the file's stamp, or else its
digest, is the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from hcgen.builds.cache import Cache, decode, encode
from hcgen.builds.crew import Note, run
from hcgen.builds.index import KIND, terms_name
from hcgen.builds.stamps import settled_at
from hcgen.builds.tools import tool_digest
from hcgen.files.content import Content, Source, SourceKind, read_source
from hcgen.files.project import Frame, frame_sources, make_project
from hcgen.markup.fragment import Fragment
from hcgen.model.article import Article
from hcgen.model.finding import Finding
from hcgen.model.project import Project
from hcgen.pages.library import Conversion, Converted, Snippets, conversions_of, varies
from hcgen.search.texts import text_terms
from hcgen.text import digest

_CHUNK = 250
_IN_MEMORY = 64_000_000
"""Bytes of HTML that wait in memory for the pages that show them, and for the cache."""
_FEW = 60
"""Up to so many files are read in this process: workers would cost more."""

Progress = Callable[[int, int], None]


class Kept(Struct, frozen=True):
    """What plans need to know of a conversion at once. `headings` is a digest of its headings, anchors and steps."""

    brand: str
    sign: str
    headings: str
    is_withheld: bool


class Record(Struct, frozen=True):
    """What is known of one file. `context` is "" where its conversion depends on nothing else."""

    source: Source
    content: Content
    context: str = ""
    kept: tuple[Kept, ...] = ()


class Group(Struct, frozen=True):
    """The records of one folder of content (a language of the shared content or of a brand's), by path."""

    tool: str
    records: dict[str, Record]


Packed = dict[str, bytes]
"""The conversions of one group, each encoded, by path and brand."""


class Ready(Struct):
    """Conversions by article and brand, fetched and taken apart only when asked for."""

    records: Mapping[str, Record]
    cache: Cache
    _packed: dict[str, Packed] = field(default_factory=dict)
    _taken: dict[tuple[str, str], Converted] = field(default_factory=dict)

    def kept(self, path: str, brand: str) -> Kept | None:
        """What is kept of the article at `path` as `brand` shows it."""
        record = self.records.get(path)
        for one in record.kept if record else ():
            if one.brand in ("", brand):
                return one
        return None

    def get(self, article: Article, brand: str) -> Converted | None:
        """The conversion of `article` as `brand` shows it."""
        kept = self.kept(article.path, brand)
        if kept is None:
            return None
        key = (article.path, kept.brand)
        if key not in self._taken:
            group = _group_of(article.path)
            if group not in self._packed:
                self._packed[group] = self.cache.get("conversions", group, Packed) or {}
            data = self._packed[group].get(_packed_name(*key))
            if data is None:
                return None
            one = decode(data, Conversion)
            self._taken[key] = Converted(article, one.fragment, one.sign, one.problems)
        return self._taken[key]

    def is_withheld(self, article: Article, brand: str) -> bool | None:
        """Whether `brand` must not show `article`; None where it is not known."""
        kept = self.kept(article.path, brand)
        return kept.is_withheld if kept else None


class Reading(Struct, frozen=True):
    """A project, what is known of each of its files, and how many files had to be read.

    `html` holds what was converted just now, by sign, as far as it is little, and `terms` the terms of its texts;
    `unsaved` is yet to be kept. `search_seconds` are the CPU seconds that these terms took.
    """

    project: Project
    records: Mapping[str, Record]
    read: int
    html: Mapping[str, bytes]
    terms: Mapping[str, bytes]
    unsaved: list[tuple[str, list[tuple[str, bytes]]]]
    search_seconds: float

    def save(self, cache: Cache) -> None:
        """Keeps what is not kept yet."""
        if self.unsaved:
            with cache.transaction():
                for kind, rows in self.unsaved:
                    cache.put_encoded(kind, rows)
            self.unsaved.clear()


def fragment_name(sign: str) -> str:
    """Under which name a conversion's fragment and HTML are kept: another version converts anew."""
    return f"{sign}.{tool_digest()[:16]}"


class _Chunk(Struct, frozen=True):
    """What one worker reads: sources, each with its earlier record."""

    frame: Frame
    snippets: Snippets
    context: str
    cache: Cache
    items: tuple[tuple[Source, Record | None], ...]


def read_sources(
    frame: Frame,
    cache: Cache,
    now: datetime,
    jobs: int,
    progress: Progress = lambda done, total: None,
    meanwhile: Callable[[], None] | None = None,
) -> Reading:
    """The project, from the cache where it can be; what was read anew is in the cache afterwards.

    `meanwhile` is done while workers read, if there is so much to read.
    """
    started = time.time_ns()
    findings: list[Finding] = []
    sources = frame_sources(frame, findings)
    groups = _known(cache, sources)
    records = {path: record for group in groups.values() for path, record in group.items()}
    snippets = _snippets(frame, sources)
    context = digest(
        encode([sorted(frame.brand_names), [brand.id for brand in frame.brands], sorted(snippets.items())])
    )
    stale = []
    for source in sources:
        record = records.get(source.path)
        if record is None or record.source != source or record.context not in ("", context):
            stale.append((source, record))
    # Pictures together: few workers load the library that measures them.
    stale.sort(key=lambda pair: pair[0].kind is SourceKind.ASSET)
    fresh: dict[str, Record] = {}
    packed: Packed = {}
    html: dict[str, bytes] = {}
    terms: dict[str, bytes] = {}
    unsaved: list[tuple[str, list[tuple[str, bytes]]]] = []
    size, search_seconds = 0, 0.0
    for answer in _read_all(frame, snippets, context, cache, stale, jobs, progress, meanwhile):
        fresh |= {record.source.path: record for record in decode(answer.records, list[Record])}
        packed |= answer.packed
        size += sum(len(data) for _, data in (*answer.html, *answer.terms))
        search_seconds += answer.search_seconds
        rows = [("fragment", answer.fragments), ("html", [(fragment_name(sign), data) for sign, data in answer.html])]
        rows.append((KIND, answer.terms))
        if size < _IN_MEMORY:
            unsaved += rows
            html |= dict(answer.html)
            terms |= dict(answer.terms)
        else:
            with cache.transaction():
                for kind, each in rows:
                    cache.put_encoded(kind, each)
    current = {source.path: fresh.get(source.path) or records[source.path] for source in sources}
    _keep_groups(cache, current, fresh, packed, groups, started)
    contents = ((record.source, record.content) for record in current.values())
    project = make_project(frame, contents, findings, now)
    return Reading(project, current, len(fresh), html, terms, unsaved, search_seconds)


def _packed_name(path: str, brand: str) -> str:
    return f"{path}\0{brand}"


def _group_of(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: 2 if parts[0] == "content" else 4])


def _known(cache: Cache, sources: Iterable[Source]) -> dict[str, dict[str, Record]]:
    names = dict.fromkeys(_group_of(source.path) for source in sources)
    found = cache.get_many("sources", names, Group)
    tool = tool_digest()
    return {
        name: found[name].records
        if name in found and found[name].tool == tool and cache.has("conversions", name)
        else {}
        for name in names
    }


def _keep_groups(
    cache: Cache,
    current: Mapping[str, Record],
    fresh: Mapping[str, Record],
    packed: Packed,
    groups: Mapping[str, Mapping[str, Record]],
    started: int,
) -> None:
    """Keeps the groups in which something came, went or changed: workers look their conversions up there."""
    now: dict[str, dict[str, Record]] = {name: {} for name in groups}
    for path, record in current.items():
        now[_group_of(path)][path] = record
    changed = {_group_of(path) for path in fresh}
    changed |= {name for name, known in groups.items() if known.keys() != now[name].keys()}
    values = {
        name: Group(tool_digest(), {path: _settled(record, started) for path, record in now[name].items()})
        for name in sorted(changed)
    }
    bundles: dict[str, Packed] = {}
    for name in values:
        wanted = {_packed_name(path, one.brand) for path, record in now[name].items() for one in record.kept}
        known = cache.get("conversions", name, Packed) or {}
        both = known | packed
        bundles[name] = {key: both[key] for key in sorted(wanted) if key in both}
    if values:
        with cache.transaction():
            cache.put("sources", values)
            cache.put("conversions", bundles)


def _settled(record: Record, started: int) -> Record:
    size, modified, changed, _ = record.source.stamp
    if settled_at(modified, changed) < started:
        return record
    return replace(record, source=replace(record.source, stamp=(size, 0, 0, 0)))


def _snippets(frame: Frame, sources: Iterable[Source]) -> dict[tuple[str, str], str]:
    found = {}
    for source in sources:
        if source.kind is SourceKind.SNIPPET:
            text = read_source(frame.root, source)[0].snippet
            if text is not None:
                found[source.brand, source.relative] = text
    return found


# Reading and converting -------------------------------------------------------------------------------------------


class _Answer(Struct, frozen=True):
    """What one worker read: records and conversions; the new fragments by name, encoded, their HTML by sign, the terms
    of their texts by name, and the CPU seconds that these took."""

    records: bytes
    packed: Packed
    fragments: list[tuple[str, bytes]]
    html: list[tuple[str, bytes]]
    terms: list[tuple[str, bytes]]
    search_seconds: float


def _read_all(
    frame: Frame,
    snippets: Snippets,
    context: str,
    cache: Cache,
    stale: list[tuple[Source, Record | None]],
    jobs: int,
    progress: Progress,
    meanwhile: Callable[[], None] | None,
) -> Iterator[_Answer]:
    """Everything in `stale`, chunk by chunk."""
    jobs = 1 if len(stale) <= _FEW else jobs
    # Equal shares, and as many for each worker.
    rounds = -(-len(stale) // (jobs * _CHUNK))
    size = max(1, -(-len(stale) // max(1, rounds * jobs)))
    chunks = [
        _Chunk(frame, snippets, context, cache, tuple(stale[at : at + size])) for at in range(0, len(stale), size)
    ]
    progress(0, len(chunks))
    for done, answer in enumerate(run(_read_chunk, chunks, jobs, meanwhile=meanwhile), 1):
        yield answer
        progress(done, len(chunks))


def _read_chunk(chunk: _Chunk, note: Note) -> _Answer:
    cache = chunk.cache.for_worker()
    records: list[Record] = []
    fragments: dict[str, Fragment] = {}
    packed: Packed = {}
    terms: list[tuple[str, bytes]] = []
    seconds = 0.0
    for source, earlier in chunk.items:
        note(source.path)
        record, made, fresh = _record(chunk, source, earlier, cache)
        records.append(record)
        fragments |= fresh
        if fresh and record.content.article and not record.content.article.is_index:
            started = time.process_time()
            terms += _terms(fresh, record.content.article.locale)
            seconds += time.process_time() - started
        packed |= {_packed_name(source.path, one.brand): encode(one) for one in made}
    cache.close()
    return _Answer(
        encode(records),
        packed,
        [(fragment_name(sign), encode(replace(fragment, html=""))) for sign, fragment in fragments.items()],
        [(sign, fragment.html.encode()) for sign, fragment in fragments.items()],
        terms,
        seconds,
    )


def _terms(fragments: Mapping[str, Fragment], code: str) -> list[tuple[str, bytes]]:
    """The terms of texts, for pages in the language that they are written in. Brand facts are known to shards alone."""
    return [
        (terms_name(sign, code), encode(text_terms(one.html, code)))
        for sign, one in fragments.items() if not one.facts
    ]  # fmt: skip


class _Fragments(dict[str, Fragment]):
    """Fragments of earlier builds by sign, looked up in the cache when asked for."""

    def __init__(self, cache: Cache) -> None:
        super().__init__()
        self.cache = cache

    def get(self, sign: str, default: Fragment | None = None) -> Fragment | None:  # type: ignore[override]
        """The fragment `sign`, or `default`."""
        name = fragment_name(sign)
        found, html = self.cache.get("fragment", name, Fragment), self.cache.get_raw("html", name)
        return default if found is None or html is None else replace(found, html=html.decode())


def _record(
    chunk: _Chunk, source: Source, earlier: Record | None, cache: Cache
) -> tuple[Record, list[Conversion], dict[str, Fragment]]:
    content, text = read_source(chunk.frame.root, source)
    is_same = earlier is not None and bool(content.digest) and earlier.content.digest == content.digest
    if is_same and earlier is not None and earlier.context in ("", chunk.context):
        return replace(earlier, source=source, content=content), [], {}
    article = content.article
    if article is None or article.is_internal:
        return Record(source, content), [], {}
    brands = [brand.id for brand in chunk.frame.brands if article.brand in ("", brand.id)]
    wanted = [one for one in brands if not article.front.brands or one in article.front.brands]
    found, fresh = conversions_of(text, wanted, chunk.frame.brand_names, chunk.snippets, _Fragments(cache))
    kept = tuple(map(_kept, found))
    return Record(source, content, chunk.context if varies(text) else "", kept), found, fresh


def _kept(one: Conversion) -> Kept:
    fragment = one.fragment
    headings = digest(encode([fragment.headings, fragment.anchors, fragment.steps]), 8)
    return Kept(one.brand, one.sign, headings, any(problem.is_error for problem in one.problems))
