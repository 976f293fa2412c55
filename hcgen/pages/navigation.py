"""The tree of one brand and language: folders, their articles in order, neighbours, pages of a long list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from hcgen.model.article import Article
from hcgen.model.site import Link
from hcgen.pages.addresses import address
from hcgen.pages.resolve import Selection


class Folder(Struct, frozen=True):
    """A category (no slash in its key) or section, with what it holds in reading order."""

    key: str
    title: str
    description: str
    icon: str
    order: float
    lang: str
    """Language of its title where that is not the page's, else ""."""
    index: Article | None
    folders: tuple[str, ...]
    articles: tuple[str, ...]
    total: int
    """Articles in it and below."""

    @property
    def depth(self) -> int:
        """1 for a category."""
        return self.key.count("/") + 1 if self.key else 0


def build_tree(
    selection: Selection,
    lost: frozenset[str],
    title: Callable[[Article], str],
    describe: Callable[[Article], str],
    has_body: Callable[[Article], bool],
) -> dict[str, Folder]:
    """Every folder that shows something, by key; "" is the top."""
    keys = [key for key in selection.articles if key not in lost]
    names = {""}
    for key in keys:
        names |= set(ancestors(key))
    for key, index in selection.indexes.items():
        if key and has_body(index):
            names |= {key, *ancestors(key)}
    inside: dict[str, list[str]] = {name: [] for name in names}
    below: dict[str, list[str]] = {name: [] for name in names}
    total = dict.fromkeys(names, 0)
    for key in keys:
        inside[key.rpartition("/")[0]].append(key)
        for name in ("", *ancestors(key)):
            total[name] += 1
    for name in names - {""}:
        below[name.rpartition("/")[0]].append(name)

    def article_order(key: str) -> tuple[float, str, str]:
        article = selection.articles[key]
        return article.front.order, title(article).casefold(), key

    facts = {name: _facts(name, selection.indexes.get(name), title, describe) for name in names}
    tree = {}
    for name in sorted(names):
        folder_title, description, icon, order = facts[name]
        tree[name] = Folder(
            key=name,
            title=folder_title,
            description=description,
            icon=icon,
            order=order,
            lang=_lang(selection, name),
            index=selection.indexes.get(name),
            folders=tuple(sorted(below[name], key=lambda one: (facts[one][3], facts[one][0].casefold(), one))),
            articles=tuple(sorted(inside[name], key=article_order)),
            total=total[name],
        )
    return tree


def ancestors(key: str) -> list[str]:
    """The folders that hold `key`, outermost first."""
    parts = key.split("/")[:-1]
    return ["/".join(parts[: at + 1]) for at in range(len(parts))]


def _lang(selection: Selection, name: str) -> str:
    index = selection.indexes.get(name)
    return index.locale if index and index.locale != selection.locale and index.front.title else ""


def _facts(
    name: str, index: Article | None, title: Callable[[Article], str], describe: Callable[[Article], str]
) -> tuple[str, str, str, float]:
    words = name.rpartition("/")[2].replace("-", " ").replace("_", " ").strip()
    plain = words[:1].upper() + words[1:]
    if index is None:
        return plain, "", "", 1000.0
    return title(index) or plain, describe(index), index.front.icon, index.front.order


def folder_link(folder: Folder, items: tuple[Link, ...] = ()) -> Link:
    """A way to a folder's page, with its count and, where given, what it holds."""
    return Link(folder.title, address(folder.key), folder.description, folder.icon, folder.total, items, folder.lang)


def trail(tree: Mapping[str, Folder], key: str, home: str) -> tuple[Link, ...]:
    """The breadcrumb of `key`: home and the folders that hold it."""
    return (
        Link(home, ""),
        *(Link(tree[name].title, address(name), lang=tree[name].lang) for name in ancestors(key) if name in tree),
    )
