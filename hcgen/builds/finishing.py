"""What a tree holds besides its shards: each brand's own files and the portal, made where anything changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from hcgen.builds import extras
from hcgen.builds.cache import Cache, encode
from hcgen.builds.renderers import renderer_of
from hcgen.builds.report import ShardReport
from hcgen.builds.stage import Stage
from hcgen.builds.tools import tool_digest
from hcgen.builds.trees import Extras, ShardEntry, ShardState, Tree, sign_of
from hcgen.files.project import Frame
from hcgen.files.theme import brand_theme, theme_folder
from hcgen.model.brand import Brand
from hcgen.render.theme import theme_digest, theme_files
from hcgen.text import digest

PORTAL = ""


class Finisher(Struct, frozen=True):
    """Makes the extras of one tree. `theme` is the digest of the theme's files, `before` the tree that is served."""

    frame: Frame
    theme: str
    cache: Cache
    entries: Sequence[ShardEntry]
    reports: Mapping[str, Sequence[ShardReport]]
    before: Tree | None

    def extras(self, stage: Stage, served: Path | None) -> dict[str, Extras]:
        """Writes what is not as before into `stage` (what stays is linked from `served`); all extras by brand."""
        found = {}
        for brand_id, shards in self.reports.items():
            inputs = self._inputs(self.frame_brand(brand_id), shards)
            found[brand_id] = self._made(brand_id, inputs, stage, served)
        return found | {PORTAL: self._made(PORTAL, self._portal_inputs(), stage, served)}

    def is_current(self) -> bool:
        """Whether all extras would come out as they are."""
        if self.before is None:
            return False
        wanted = {brand: self._inputs(self.frame_brand(brand), shards) for brand, shards in self.reports.items()}
        wanted[PORTAL] = self._portal_inputs()
        return wanted == {name: one.inputs for name, one in self.before.extras.items()}

    def frame_brand(self, brand_id: str) -> Brand:
        """The brand `brand_id`."""
        return next(brand for brand in self.frame.brands if brand.id == brand_id)

    def _inputs(self, brand: Brand, shards: Sequence[ShardReport]) -> str:
        mine = [(one.locale, one.redirects, one.sitemaps, one.assets) for one in shards]
        pages = [(one.locale, one.not_found) for one in self.entries if one.brand == brand.id]
        words = [sorted(self.frame.strings[one.locale].items()) for one in shards]
        logo = self.frame.brand_assets.get((brand.id, brand.look.logo))
        own = theme_digest(brand_theme(self.frame.root, brand.id))
        return digest(
            encode(
                [tool_digest(), self.theme, own, self.frame.settings, brand.digest or brand, mine, pages, words, logo]
            )
        )

    def _portal_inputs(self) -> str:
        brands = [self._inputs(self.frame_brand(brand), shards) for brand, shards in self.reports.items()]
        words = sorted(self.frame.strings[self.frame.settings.project_locale].items())
        return digest(encode([brands, words]))

    def _made(self, brand_id: str, inputs: str, stage: Stage, served: Path | None) -> Extras:
        old = self.before.extras.get(brand_id) if self.before else None
        if old and old.inputs == inputs:
            for path in old.files if served else ():
                assert served is not None
                stage.link(served / path, path)
            return old
        taken = self._taken(brand_id)
        files = {}
        for path, data in self._portal() if brand_id == PORTAL else self._brand(brand_id, stage):
            if path in taken or path in files:
                continue
            files[path] = sign_of(data)
            if old is None or old.files.get(path) != files[path]:
                stage.write(path, data)
            elif served:
                stage.link(served / path, path)
        return Extras(inputs, files)

    def _taken(self, brand_id: str) -> set[str]:
        """Paths of the brand's pages: none of its redirects may stand there."""
        found: set[str] = set()
        for entry in self.entries:
            if entry.brand == brand_id:
                state = self.cache.get("shard", entry.state, ShardState)
                found |= state.outputs().keys() if state else set()
        return found

    def _brand(self, brand_id: str, stage: Stage) -> Iterator[tuple[str, bytes]]:
        brand, shards = self.frame_brand(brand_id), self.reports[brand_id]
        renderer = renderer_of(self.frame.settings.renderer, self.frame.root)
        for path, data in extras.brand_files(
            self.frame, brand, shards, renderer, self._names(brand), self._logo(brand)
        ):
            yield f"{brand_id}/{path}", data
        codes = [one.locale for one in shards]
        default = brand.default_locale if brand.default_locale in codes else codes[0]
        yield f"{brand_id}/404.html", (stage.folder / brand_id / default / "404.html").read_bytes()

    def _portal(self) -> Iterator[tuple[str, bytes]]:
        renderer = renderer_of(self.frame.settings.renderer, self.frame.root)
        brands = [self.frame_brand(brand_id) for brand_id in self.reports]
        names = {brand.id: self._names(brand) for brand in brands}
        logos = {brand.id: self._logo(brand) for brand in brands}
        yield from extras.portal_files(self.frame, self.reports, renderer, names, logos)

    def _names(self, brand: Brand) -> dict[str, str]:
        files = theme_files(theme_folder(self.frame.root), brand)
        return {name: published for name, (published, _) in files.items()}

    def _logo(self, brand: Brand) -> str:
        stem = brand.look.logo.rpartition("/")[2].rpartition(".")[0]
        assets = self.reports[brand.id][0].assets
        return next((one for one in assets if stem and one.startswith(f"assets/{stem}.")), "")
