"""A language as people see and write it, and the chain of languages that stand in for it."""

from __future__ import annotations

from msgspec import Struct

# Scripts written from right to left, by primary subtag (Unicode CLDR, characterOrder).
_RIGHT_TO_LEFT = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "ha-arab", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"]
)


class Locale(Struct, frozen=True):
    """One language of the project. `code` is a BCP 47 tag such as `de-AT`, `name` its name in itself."""

    code: str
    name: str
    is_default: bool = False

    @property
    def primary(self) -> str:
        """The primary language subtag, `de` of `de-AT`."""
        return self.code.replace("_", "-").split("-")[0].lower()

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the `dir` attribute."""
        return "rtl" if self.primary in _RIGHT_TO_LEFT else "ltr"


def default_chain(code: str, default: str) -> tuple[str, ...]:
    """The languages to look in for `code` where nobody said otherwise: itself, its parents, the default."""
    chain, rest = [code], code
    while "-" in rest:
        rest = rest.rsplit("-", 1)[0]
        chain.append(rest)
    if default not in chain:
        chain.append(default)
    return tuple(chain)


class Localized(Struct, frozen=True):
    """A short text of a brand: one for all languages, or one for each."""

    values: tuple[tuple[str, str], ...]
    """(locale code, text); the code "" stands for every language."""

    def get(self, chain: tuple[str, ...]) -> str | None:
        """The text in the first language of `chain` that has one, else the one for all, else None."""
        found = self.find(chain)
        return found[1] if found else None

    def find(self, chain: tuple[str, ...]) -> tuple[str, str] | None:
        """The text that `get` gives, behind its language ("" for the one for all)."""
        known = dict(self.values)
        return next(((code, known[code]) for code in (*chain, "") if code in known), None)
