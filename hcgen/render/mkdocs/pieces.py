"""Parts of pages that are made once and shown on many: the functions `piece` and `svg` of every template."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from types import MethodType
from typing import Any

import jinja2
from jinja2.runtime import Context, Macro
from markupsafe import Markup
from msgspec import Struct

from hcgen.render.mkdocs.environment import Notes, NotingEnvironment
from hcgen.render.view import Shell, View


class Piece(Struct, frozen=True):
    """A rendered part, and the names of the templates that it was made from."""

    text: Markup
    names: frozenset[str]


class Pieces:
    """Makes and keeps pieces. Those of a site live in its shells, drawings are the same everywhere."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._notes = environment.notes if isinstance(environment, NotingEnvironment) else Notes()
        self._drawings: dict[object, object] = {}

    def piece(self, name: str, hc: Shell, **values: Hashable) -> Markup:
        """The template `name`, rendered once for all pages at one depth that give it the same `values`.

        It sees those values, and `hc` without the page: whatever else it could show would be another page's.
        """
        shell = hc.shell if isinstance(hc, View) else hc

        def make() -> str:
            return self._environment.get_template(name).render(hc=shell, **values)

        return self._once(shell.pieces, (name, *values.items()), make)

    def svg(self, *names: str) -> Markup:
        """The drawing by the first of `names` that is there, such as `material/magnify` below `.icons/`, or nothing."""
        return self._once(self._drawings, names, lambda: self._drawing(names))

    def _drawing(self, names: tuple[str, ...]) -> str:
        loader = self._environment.loader
        assert loader is not None
        for name in names:
            path = f".icons/{name}.svg"
            self._notes.names.add(path)
            try:
                # Shown as it is: compiling it as a template would cost more than reading it.
                return loader.get_source(self._environment, path)[0].removesuffix("\n")
            except jinja2.TemplateNotFound:
                continue
        return ""

    def _once(self, known: dict[object, object], key: object, make: Callable[[], str]) -> Markup:
        found = known.get(key)
        if not isinstance(found, Piece):
            with self._notes.apart() as names:
                text = Markup(make())  # noqa: S704 - templates escape, drawings are the theme's own
            found = known[key] = Piece(text, frozenset(names))
        self._notes.names |= found.names
        return found.text


class DirectContext(Context):
    """Calls macros and the methods of our own values straight away: they need nothing of what Jinja2 could pass."""

    def call(self, function: Callable[..., Any], /, *args: Any, **values: Any) -> Any:
        """What `function` returns, called as Jinja2 calls it."""
        is_method = type(function) is MethodType and isinstance(function.__self__, _OURS)
        if not is_method and type(function) is not Macro:
            return super().call(function, *args, **values)
        if values:
            # Jinja2's own, added within loops and blocks.
            values.pop("_loop_vars", None)
            values.pop("_block_vars", None)
        return function(*args, **values)


_OURS = (Shell, Pieces)
