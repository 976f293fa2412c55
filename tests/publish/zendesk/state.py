"""What an account holds: brands, folders, articles, translations, files, rules. Knows no HTTP."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.publish.zendesk.faults import Clock
from tests.publish.zendesk.sanitise import sanitise

EVERYONE: int | None = None
STAFF = 41
"""The user segment of people who have signed in as agents."""
_BLOCK = re.compile(r"\{\{block:(\d+)\}\}")


@dataclass
class Translation:
    id: int
    locale: str
    title: str
    body: str = ""
    draft: bool = False
    outdated: bool = False
    created_at: str = ""
    updated_at: str = ""
    updated_by_id: int = 1
    edited_at: str = ""


@dataclass
class Item:
    """A category, section or article with its translations."""

    id: int
    kind: str
    source_locale: str
    translations: dict[str, Translation]
    position: int = 0
    category: int = 0
    parent: int = 0
    """The section it stands in (0: none)."""
    permission_group_id: int = 0
    user_segment_id: int | None = None
    label_names: list[str] = field(default_factory=list)
    content_tag_ids: list[str] = field(default_factory=list)
    promoted: bool = False
    comments_disabled: bool = False
    author_id: int = 1
    created_at: str = ""
    updated_at: str = ""


@dataclass
class Attachment:
    id: int
    file_name: str
    content_type: str
    data: bytes
    inline: bool
    locale: str | None
    article: int | None
    created: float


class Brand:
    """One brand with its help center."""

    def __init__(self, name: str, locales: tuple[str, ...], account: Account) -> None:
        self.name, self.locales, self.account = name, locales, account
        self.id = account.number()
        self.url = ""
        self.items: dict[int, Item] = {}
        self.archived: dict[int, Item] = {}
        self.attachments: dict[int, Attachment] = {}
        self.uploads: dict[str, bytes | None] = {}
        self.medias: dict[str, dict[str, Any]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.blocks: dict[int, str] = {}

    def of(self, kind: str, locale: str | None = None) -> list[Item]:
        """All of a kind by id, with a translation in `locale`."""
        found = (item for item in self.items.values() if item.kind == kind)
        return sorted((item for item in found if locale is None or locale in item.translations), key=lambda one: one.id)

    def shown(self, body: str) -> str:
        """A body as GET gives it: content blocks flattened."""
        return _BLOCK.sub(lambda match: self.blocks.get(int(match[1]), ""), body)

    def sections_of(self, category: int) -> list[Item]:
        return [item for item in self.of("section") if item.category == category]

    def is_public(self, item: Item, locale: str) -> bool:
        """Whether readers can reach an article in a language: its section and category must be translated, too."""
        own = item.translations.get(locale)
        if own is None or own.draft:
            return False
        section = self.items[item.parent]
        above = [section, self.items[section.category]]
        while section.parent:
            section = self.items[section.parent]
            above.append(section)
        return all(locale in one.translations for one in above)

    def purge(self) -> None:
        """From time to time files go that belong to no article."""
        now = self.account.clock.now()
        gone = [one.id for one in self.attachments.values() if one.article is None and now - one.created > 3600]
        for number in gone:
            del self.attachments[number]


class Account:
    """A Zendesk account: brands share tokens and the limit of requests."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.brands: dict[str, Brand] = {}
        self.client = ("hcgen", "client-secret")
        self.tokens: dict[str, tuple[float, frozenset[str]]] = {}
        self.token_life = 7200
        self.page_size = 100
        self.article_limit = 40_000
        self.rule_limit = 50_000
        self.is_enterprise = True
        self.permission_groups = {31: "Administrators", 32: "Writers"}
        self.user_segments = {STAFF: "Agents and admins", 42: "Signed-in users"}
        self.made: list[tuple[str, str, str, str]] = []
        """What was made: kind, brand, locale and the beginning of its body or title."""
        self._number = 360_000_000_000

    def number(self) -> int:
        self._number += 7
        return self._number

    def brand(self, name: str, *locales: str) -> Brand:
        """Opens a brand with the languages of its help center, the default first."""
        self.brands[name] = Brand(name, locales, self)
        return self.brands[name]

    def time(self) -> str:
        return datetime.fromtimestamp(self.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def translation(self, locale: str, title: str, body: str, *, draft: bool, outdated: bool = False) -> Translation:
        now = self.time()
        return Translation(
            self.number(), locale, title, sanitise(body), draft, outdated, created_at=now, updated_at=now, edited_at=now
        )

    def snapshot(self) -> dict[str, Any]:
        """Everything that people and programs can see, without times and ids of translations."""
        with self.lock:
            return {name: dict(_seen(brand)) for name, brand in self.brands.items()}


def _seen(brand: Brand) -> Iterator[tuple[str, Any]]:
    def plain(item: Item) -> dict[str, Any]:
        values = asdict(item)
        for name in ("created_at", "updated_at"):
            del values[name]
        for one in values["translations"].values():
            for name in ("id", "created_at", "updated_at", "edited_at", "updated_by_id"):
                del one[name]
        return values

    yield "items", {number: plain(item) for number, item in sorted(brand.items.items())}
    yield "archived", sorted(brand.archived)
    yield "rules", {rule["redirect_from"]: rule["redirect_to"] for rule in brand.rules.values()}
    yield "attachments", sorted((one.file_name, one.article or 0) for one in brand.attachments.values())


class People:
    """What editors do in the help center's own pages."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand

    def edit(self, number: int, locale: str, **fields: Any) -> None:
        """Changes title, body, draft or outdated of a translation, as user 9."""
        account = self.brand.account
        with account.lock:
            one = self.brand.items[number].translations[locale]
            for name, value in fields.items():
                setattr(one, name, sanitise(value) if name == "body" else value)
            one.updated_at = one.edited_at = account.time()
            one.updated_by_id = 9

    def change(self, number: int, **fields: Any) -> None:
        """Changes what all translations share: labels, position, section (`parent`), segment."""
        with self.brand.account.lock:
            item = self.brand.items[number]
            for name, value in fields.items():
                setattr(item, name, value)
            item.updated_at = self.brand.account.time()

    def insert_block(self, number: int, locale: str, html: str) -> int:
        """Puts a content block at the end of a body."""
        account = self.brand.account
        with account.lock:
            block = account.number()
            self.brand.blocks[block] = html
            self.brand.items[number].translations[locale].body += f"{{{{block:{block}}}}}"
            return block
