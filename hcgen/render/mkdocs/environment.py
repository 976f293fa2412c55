"""The Jinja2 environment of our own door: MkDocs's look-up of templates without MkDocs, and notes of what was used."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from hcgen import __version__
from hcgen.errors import HcgenError

Source = tuple[str, str, Callable[[], bool]]


class Notes:
    """Names of the templates that were asked for, those that are not there included."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    @contextmanager
    def apart(self) -> Iterator[set[str]]:
        """The names asked for within, by themselves; they count outside as well."""
        outer, self.names = self.names, set()
        try:
            yield self.names
        finally:
            outer |= self.names
            self.names = outer


class NotingTemplate(jinja2.Template):
    """A template that is run once when it is imported; what it asks for then counts for every importer."""

    asked: frozenset[str] | None = None

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        environment = self.environment
        assert isinstance(environment, NotingEnvironment)
        if self.asked is None:
            with environment.notes.apart() as names:
                module = super()._get_default_module(ctx)
            self.asked = frozenset(names)
            return module
        environment.notes.names |= self.asked
        return super()._get_default_module(ctx)


class NotingEnvironment(jinja2.Environment):
    """Notes the name of every template that it is asked for: by our code, and by include, import and extends."""

    template_class = NotingTemplate

    def __init__(self, folders: Iterable[Path]) -> None:
        # No reload, as in MkDocs: a template that changes in the middle of a build must not change the build.
        # Compiled templates are kept as Python keeps its own modules: for this user alone, outside any project.
        super().__init__(loader=SteadyLoader(folders), auto_reload=False, bytecode_cache=_compiled())
        self.notes = Notes()
        self._loaded: dict[str, jinja2.Template] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template sees everywhere: a plain dict, since every include reads it; ours never changes later."""
        return {**self.globals, **(d or {})}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        """The template `name`, noted."""
        if not isinstance(name, str):
            return super().get_template(name, parent, globals)
        self.notes.names.add(name)
        # Every page asks a dozen times; Jinja2's own cache is slow for that.
        if globals or name not in self._loaded:
            self._loaded[name] = super().get_template(name, parent, globals)
        return self._loaded[name]

    def select_template(
        self,
        names: Iterable[str | jinja2.Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        """The first of `names` that is there. All are noted: another may be there next time."""
        names = list(names)
        self.notes.names.update(name for name in names if isinstance(name, str))
        return super().select_template(names, parent, globals)


class SteadyLoader(jinja2.FileSystemLoader):
    """Reads each template once, so that what is rendered and what is digested are the same text."""

    def __init__(self, folders: Iterable[Path]) -> None:
        super().__init__([str(folder) for folder in folders])
        self._known: dict[str, Source] = {}

    def get_source(self, environment: jinja2.Environment, template: str) -> Source:
        """The text of `template`; raises TemplateNotFound."""
        if template not in self._known:
            self._known[template] = super().get_source(environment, template)
        return self._known[template]


def theme_environment(*folders: Path) -> NotingEnvironment:
    """Templates of the theme's `folders`, the first before the next, then Material's, as MkDocs would find them."""
    return NotingEnvironment((*folders, _material()))


def _compiled() -> jinja2.BytecodeCache | None:
    try:
        return jinja2.FileSystemBytecodeCache(pattern=f"hcgen-{__version__}-%s.cache")
    except RuntimeError:
        # No folder that is this user's alone.
        return None


def _material() -> Path:
    """Material's templates, found without importing it."""
    spec = importlib.util.find_spec("material")
    if spec is None or not spec.submodule_search_locations:
        raise HcgenError("Material for MkDocs is not installed", remedy="Install mkdocs-material.")
    return Path(spec.submodule_search_locations[0]) / "templates"
