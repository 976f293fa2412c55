"""Zendesk Guide: what writes. Knows no plan, and reads through zendesk.py."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hcgen.publish.allowlist import Marked, disguised, mark, mark_end, undisguised, unmark
from hcgen.publish.port import Blank
from hcgen.publish.providers.zendesk import (
    ALLOWED,
    API,
    BLANK,
    GONE,
    Place,
    ZendeskReader,
    folder_html,
    norm,
    place_of,
    said,
)
from hcgen.publish.values import Asset, Content, Kind, Redirect, Remote, RemoteAsset, Scope, State
from hcgen.publish.wire import Refused, TargetError, Unsettled, Wire

_WRONG = (400, 409, 422)
_WHOLE, _BESIDE, _SINGLE = "whole", "beside", "single"
"""All translations in one list, as the reference shows it; the further ones beside the first; one at a time."""
_DOUBTS = 5
_PARAGRAPH = re.compile(r"<p>([^<]*)</p>")
_TEXTS = {
    Kind.CATEGORY: ("name", "description"),
    Kind.SECTION: ("name", "description"),
    Kind.ARTICLE: ("title", "body"),
}


class ZendeskWriter(ZendeskReader):
    """Changes what stands in the help centers."""

    def __init__(self, target: Any, wire: Wire) -> None:
        super().__init__(target, wire)
        self._forms: dict[Kind, str] = {}
        """In which form the API has made things of a kind with their translations, once it was tried."""
        self._doubts = _DOUBTS
        """How many answers of writes are still to be held against what is read; -1: they are not to be believed."""
        self._first_groups, self._coming_and_going, self._answers = (threading.Lock() for _ in range(3))
        self._reborn: dict[tuple[str, str], str] = {}
        """Numbers of articles that were made again, by brand and old number."""

    # Making -------------------------------------------------------------------------------------------------------

    def create(self, blank: Blank) -> Remote:
        return self._translate(blank, blank.group) if blank.group else self._make((blank,))

    def create_group(self, blanks: tuple[Blank, ...]) -> tuple[Remote, ...]:
        kind = blanks[0].kind
        if kind not in self._forms and len(blanks) > 1:
            with self._first_groups:
                if kind not in self._forms:
                    return self._try_group(blanks)
        form = self._forms.get(kind, _SINGLE)
        first = self._make(blanks, form)
        others = self._translate if form == _SINGLE else self._empty
        return first, *(others(blank, first.group) for blank in blanks[1:])

    def _try_group(self, blanks: tuple[Blank, ...]) -> tuple[Remote, ...]:
        """The first group of a kind is looked at: whether all were made, and articles as drafts."""
        kind, form, first = blanks[0].kind, _SINGLE, None
        for form in (_WHOLE, _BESIDE):
            try:
                first = self._make(blanks, form)
                break
            except Refused as error:
                # Nothing was made, and it may be asked for in another form.
                if error.status not in _WRONG:
                    raise
        else:
            form = _SINGLE
        first = first or self._make(blanks, _SINGLE)
        place = _place(first.id)
        rows = self._translations(place)
        made = [first]
        for blank in blanks[1:]:
            row = rows.get(self.code(blank.scope.locale))
            if row is None:
                form = _SINGLE
                made.append(self._translate(blank, first.group))
                continue
            made.append(self._empty(blank, first.group))
            if kind is Kind.ARTICLE and not row.get("draft"):
                form = _SINGLE
                self._put(replace(place, locale=blank.scope.locale), {"draft": True})
        self._forms[kind] = form
        return tuple(made)

    def _make(self, blanks: tuple[Blank, ...], form: str = _SINGLE) -> Remote:
        """A new thing, in the language of the first of `blanks` and, but in single form, those of the others."""
        blank = blanks[0]
        brand, code = blank.scope.brand, self.code(blank.scope.locale)
        title, body = _TEXTS[blank.kind]
        fields: dict[str, Any] = {}
        if form != _WHOLE:
            fields |= {title: blank.title, body: self._blank_body(blank), "locale": code}
        if form != _SINGLE:
            fields["translations"] = [self._blank_texts(one) for one in blanks[form == _BESIDE :]]
        if blank.content.position is not None:
            fields["position"] = blank.content.position
        above = place_of(blank.parent)
        if blank.kind is Kind.CATEGORY:
            return self._new(f"{API}/{code}/categories", blank, fields)
        if above is None:
            remedy = "Sections stand in categories, articles in sections."
            raise TargetError(f"{brand}/{blank.key}: Zendesk has no place for it at the top", remedy=remedy)
        if blank.kind is Kind.SECTION:
            return self._new(f"{API}/{code}/categories/{self._category(above, fields)}/sections", blank, fields)
        fields |= {"draft": True, **self._audience(brand, blank.content.is_internal)}
        fields |= {"permission_group_id": self._number(brand, "permission_group")}
        if blank.content.labels is not None:
            fields["label_names"] = list(blank.content.labels)
        return self._new(f"{API}/{code}/sections/{above.number}/articles", blank, fields)

    def _new(self, path: str, blank: Blank, fields: dict[str, Any]) -> Remote:
        kind = blank.kind.value
        data: dict[str, Any] = {kind: fields}
        if blank.kind is Kind.ARTICLE:
            data["notify_subscribers"] = False
        row = said(self.wire.send("POST", self.address(blank.scope.brand, path), json=data)).json()[kind]
        found = self._seen(row, blank.scope, blank.kind)
        if found is None:
            raise TargetError(f"{blank.scope.brand}/{blank.key} was made and cannot be read")
        return found

    def _seen(self, row: Mapping[str, Any], scope: Scope, kind: Kind) -> Remote | None:
        return self.article(row, scope) if kind is Kind.ARTICLE else self.folder(row, scope)

    def _translate(self, blank: Blank, group: str) -> Remote:
        """A further translation of what exists."""
        place = Place(blank.scope.brand, blank.kind, group, blank.scope.locale)
        try:
            self._post_translation(place, self._blank_texts(blank))
        except Refused as error:
            row = self._translations(place).get(self.code(place.locale)) if error.status in _WRONG else None
            if row is None or unmark(row.get("body") or "").state != GONE:
                raise
            # It was taken out of sight once, and comes back empty.
            self._put(place, self._blank_texts(blank))
        return self._empty(blank, group)

    def _empty(self, blank: Blank, group: str) -> Remote:
        """A translation as it was just made beside another one."""
        place = Place(blank.scope.brand, blank.kind, group, blank.scope.locale)
        text = unmark(self._blank_body(blank))
        is_draft = blank.kind is Kind.ARTICLE or text.state == BLANK
        content = Content(blank.title, is_outdated=False, state=State.DRAFT if is_draft else State.PUBLISHED)
        return Remote(
            str(place), place.kind, place.brand, place.locale, content, marker=self.key(text.name, blank.scope),
            group=group, url=self.public(place), raw={"name": text.name, "state": text.state},
        )  # fmt: skip

    def _blank_texts(self, blank: Blank) -> dict[str, Any]:
        texts = {"locale": self.code(blank.scope.locale), "title": blank.title, "body": self._blank_body(blank)}
        return {**texts, "draft": True} if blank.kind is Kind.ARTICLE else texts

    def _blank_body(self, blank: Blank) -> str:
        state = "" if blank.kind is Kind.ARTICLE else BLANK
        return self._body(blank.kind, blank.scope.brand, Marked("", _name(blank.scope, blank.key), state))

    # Replacing ----------------------------------------------------------------------------------------------------

    def write(self, remote: Remote, content: Content, parent: str, slug: str) -> Remote | None:
        place = _place(remote.id)
        name = _name(place.scope, remote.marker) if remote.marker else ""
        body = self._body(remote.kind, place.brand, Marked(content.body, name))
        texts: dict[str, Any] = {"title": content.title, "body": body, "outdated": bool(content.is_outdated)}
        if remote.kind is Kind.ARTICLE:
            texts["draft"] = content.state is not State.PUBLISHED
        # Who may read comes before what there is to read.
        now = self._write_shared(remote, content, parent, place)
        is_told = (content.title, content.body, content.state, bool(content.is_outdated), name) != (
            remote.content.title, remote.content.body, remote.content.state, bool(remote.content.is_outdated),
            remote.raw.get("name", ""),
        )  # fmt: skip
        if now is not None and not is_told:
            return now
        row = self._put(place, texts)
        if row is None:
            row = self._post_translation(place, {"locale": self.code(place.locale), **texts})
        told = self._told(now or remote, row)
        return told if told and self._is_believed(told, is_altered=row["body"] != body) else None

    def _is_believed(self, told: Remote, *, is_altered: bool) -> bool:
        """Whether the answer of a write says what is stored: at first it is held against what is read.

        An answer that gives back another body than it was sent comes from behind the sanitiser. Where a few were the
        very same, there was nothing to alter.
        """
        if self._doubts <= 0:
            return self._doubts == 0
        read = self.read(told.id)
        is_true = read is not None and read.fingerprint == told.fingerprint
        with self._answers:
            if not is_true:
                self._doubts = -1
            elif self._doubts > 0:
                self._doubts = 0 if is_altered else self._doubts - 1
        return is_true

    def _write_shared(self, remote: Remote, content: Content, parent: str, place: Place) -> Remote | None:
        """Writes what all translations share, where it is another; the thing as it is then, else None."""
        before = remote.content
        fields: dict[str, Any] = {}
        if content.position is not None and content.position != before.position:
            fields["position"] = content.position
        if remote.kind is Kind.ARTICLE:
            if content.labels is not None and content.labels != before.labels:
                fields["label_names"] = list(content.labels)
            if content.is_internal is not None and content.is_internal != before.is_internal:
                fields |= self._audience(place.brand, content.is_internal)
        above = place_of(parent)
        if above and parent != remote.parent:
            if remote.kind is Kind.ARTICLE:
                fields["section_id"] = int(above.number)
            elif remote.kind is Kind.SECTION:
                fields["parent_section_id"] = None
                fields["category_id"] = int(self._category(above, fields))
        if not fields:
            return None
        row = {**self._change(place, fields), "locale": self.code(place.locale)}
        shared = self._seen(row, place.scope, remote.kind)
        if shared is None or before.position is None:
            return remote
        now = shared.content
        kept = replace(before, labels=now.labels, position=now.position, is_internal=now.is_internal)
        raw = {**shared.raw, **{name: remote.raw.get(name, "") for name in ("name", "state")}}
        return replace(remote, content=kept, parent=shared.parent, raw=raw)

    def _told(self, remote: Remote, row: Mapping[str, Any]) -> Remote | None:
        """`remote` with the texts that an answer says are stored."""
        if not {"title", "body", "locale"} <= row.keys():
            return None
        text = unmark(row.get("body") or "")
        is_article = remote.kind is Kind.ARTICLE
        content = replace(
            remote.content,
            title=row["title"],
            body=undisguised(text.body) if is_article else folder_html(text.body),
            is_outdated=bool(row.get("outdated")),
            state=State.DRAFT if (row.get("draft") if is_article else text.state == BLANK) else State.PUBLISHED,
        )
        edited = str(row.get("updated_at") or remote.edited_at)
        marker = self.key(text.name, Scope(remote.brand, remote.locale))
        return replace(
            remote, content=content, marker=marker, edited_at=edited,
            raw={**remote.raw, "name": text.name, "state": text.state},
        )  # fmt: skip

    # Going and coming back ----------------------------------------------------------------------------------------

    def archive(self, remote: Remote) -> None:
        place = _place(remote.id)
        # One at a time: the last translation to go takes its article with it.
        with self._coming_and_going:
            if remote.kind is Kind.ARTICLE:
                self._archive_article(place, remote)
            else:
                self._remove_folder(place)

    def _archive_article(self, place: Place, remote: Remote) -> None:
        rows = self._translations(place)
        others = [row for code, row in rows.items() if code != self.code(place.locale)]
        if all(unmark(row.get("body") or "").state == GONE for row in others):
            self.wire.send("DELETE", self.address(place.brand, place.path), missing=True)
            return
        # There is no archive for one language: it becomes a draft that says that it is gone.
        body = disguised(remote.content.body, ALLOWED)
        name = _name(place.scope, remote.marker) if remote.marker else "gone"
        self._put(place, {"draft": True, "body": mark(Marked(body, name, state=GONE))})

    def _remove_folder(self, place: Place) -> None:
        rows = self._translations(place)
        row = rows.get(self.code(place.locale))
        if row is None:
            return
        if len(rows) > 1:
            path = f"{API}/translations/{row['id']}"
            try:
                self.wire.send("DELETE", self.address(place.brand, path), missing=True)
                return
            except Refused as error:
                # The source language goes last, and the folder with it.
                if error.status not in _WRONG:
                    raise
        for inner in ("sections", "articles") if place.kind is Kind.SECTION else ("sections",):
            if any(self._inside(place, inner)):
                what = f"{place.brand}: the {place.kind} {place.number} still holds {inner}"
                raise TargetError(what, remedy="Deleting it would take them with it: move or archive them first.")
        self.wire.send("DELETE", self.address(place.brand, place.path), missing=True)

    def _inside(self, place: Place, inner: str) -> list[Mapping[str, Any]]:
        path = f"{place.path}/{inner}"
        answer = self.wire.get(self.address(place.brand, path), missing=True, **{"page[size]": 1})
        return list(answer.json().get(inner) or ()) if answer else []

    def restore(self, remote: Remote) -> Remote:
        place = _place(remote.id)
        # One at a time: the first translation to come back brings its article with it.
        with self._coming_and_going:
            place = replace(place, number=self._reborn.get((place.brand, place.number), place.number))
            rows = self._translations(place)
            if not rows:
                sibling = self._sibling(remote)
                if sibling is None:
                    return self._make_again(remote, place)
                self._reborn[place.brand, place.number] = sibling
                place = replace(place, number=sibling)
                rows = self._translations(place)
            if self.code(place.locale) not in rows:
                self._translate(_blank(remote, place.number), place.number)
            now = replace(remote, id=str(place), group=place.number)
            if remote.content.position is not None:
                self._lead(now, place)
            self.write(now, remote.content, remote.parent, "")
            return self._found(place)

    def _make_again(self, remote: Remote, place: Place) -> Remote:
        """What was archived cannot be brought back: it is made anew, with a new number."""
        stands = place_of(remote.parent or str(remote.raw.get("parent", "")))
        if stands:
            stands = replace(stands, number=self._reborn.get((stands.brand, stands.number), stands.number))
        made = self._make((_blank(replace(remote, parent=str(stands or "")), ""),))
        self._reborn[place.brand, place.number] = made.group
        if remote.kind is Kind.ARTICLE:
            kept = ("promoted", "comments_disabled", "content_tag_ids", "user_segment_id", "permission_group_id")
            self._change(_place(made.id), {name: remote.raw[name] for name in kept if name in remote.raw})
        self.write(made, remote.content, "", "")
        return self._found(_place(made.id))

    def _sibling(self, remote: Remote) -> str | None:
        """The number of the thing that another translation has been brought back as, found by its marker."""
        if not remote.marker:
            return None
        for locale in self.target.locales:
            scope = Scope(remote.brand, locale)
            for row in self.rows(scope, remote.kind):
                other = self._seen(row, scope, remote.kind)
                if other and other.marker == remote.marker:
                    return other.group
        return None

    def _lead(self, remote: Remote, place: Place) -> None:
        """Makes this the translation that carries what all share, with what it carried."""
        content = remote.content
        code = self.code(place.locale)
        if norm(self.get(place.brand, place.path)[place.kind.value]["source_locale"]) != code:
            path = self.address(place.brand, f"{place.path}/source_locale")
            self.wire.send("PUT", path, json={f"{place.kind}_locale": code})
        fields: dict[str, Any] = {"position": content.position}
        if place.kind is Kind.ARTICLE:
            fields |= {"label_names": list(content.labels or ()), **self._audience(place.brand, content.is_internal)}
        self._change(place, fields)

    def _change(self, place: Place, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Writes what all translations share; the thing as it is then, in its source language."""
        kind = place.kind.value
        path = self.address(place.brand, place.path)
        return dict(said(self.wire.send("PUT", path, json={kind: fields})).json()[kind])

    def _found(self, place: Place) -> Remote:
        found = self.read(str(place))
        if found is None:
            raise TargetError(f"{place} was brought back and cannot be read")
        return found

    # Files and redirects ------------------------------------------------------------------------------------------

    def upload(self, asset: Asset, file: Path, owner: Remote | None, scope: Scope) -> RemoteAsset:
        if owner is None:
            raise TargetError(f"{asset.path}: Zendesk keeps a file with an article alone")
        stem, dot, ending = Path(asset.name).name.rpartition(".")
        name = f"{stem}-{asset.digest}.{ending}" if dot and stem else f"{asset.name}-{asset.digest}"
        path = f"{_place(owner.id).path}/attachments"
        # Files of one language alone have to be inline; our bodies link to those that are no pictures.
        form = {"inline": "true", "locale": self.code(scope.locale)}
        data = file.read_bytes()
        if not self.option(scope.brand, "guide_media"):
            try:
                return self._attach(scope.brand, path, form, {"file": (name, data, asset.media_type)})
            except Refused as error:
                if error.status not in _WRONG or "guide_media" not in error.text:
                    raise
        media = self._media(scope.brand, name, data, asset.media_type)
        return self._attach(scope.brand, path, {**form, "guide_media_id": media}, None)

    def _attach(self, brand: str, path: str, form: Mapping[str, str], files: Any) -> RemoteAsset:
        # Without a file the form is sent as parts, too: the API reads no other kind.
        parts = files or {name: (None, value) for name, value in form.items()}
        answer = said(
            self.wire.send("POST", self.address(brand, path), data=form if files else None, files=parts)
        ).json()  # fmt: skip
        return self.asset(brand, answer["article_attachment"])

    def _media(self, brand: str, name: str, data: bytes, media_type: str) -> str:
        """A file in the media library, by way of the address that the API gives for its bytes."""
        asked = {"content_type": media_type, "file_size": len(data)}
        # An address more does no harm: what is never filled goes by itself.
        answer = said(
            self.wire.send("POST", self.address(brand, "/api/v2/guide/medias/upload_url"), json=asked, repeats=True)
        ).json()  # fmt: skip
        place = answer["upload_url"]
        store = Wire("")
        try:
            # Another host: it gets no token of ours.
            store.send("PUT", place["url"], content=data, headers=answer.get("headers") or {})
        finally:
            store.close()
        named = {"asset_upload_id": place["asset_upload_id"], "filename": name}
        made = said(self.wire.send("POST", self.address(brand, "/api/v2/guide/medias"), json=named)).json()
        return str(made["media"]["id"])

    def redirect(self, rule: Redirect) -> None:
        path = self.address(rule.brand, "/api/v2/guide/redirect_rules")
        fields: dict[str, Any] = {"redirect_from": rule.source, "redirect_to": rule.target, "redirect_status": 301}
        try:
            self.wire.send("POST", path, json={"redirect_rule": fields})
        except Unsettled:
            query: dict[str, Any] = {"filter[redirect_from_prefix]": rule.source[:100]}
            rows = self.pages(rule.brand, "/api/v2/guide/redirect_rules", "records", size=30, **query)
            if any((row["redirect_from"], row["redirect_to"]) == (rule.source, rule.target) for row in rows):
                return
            # It is not there, and a rule for one address is kept once: it may be set again.
            self.wire.send("POST", path, json={"redirect_rule": fields})

    # What requests are made of ------------------------------------------------------------------------------------

    def _body(self, kind: Kind, brand: str, text: Marked) -> str:
        """The HTML of an article, the description of a folder, with our marker."""
        if kind is Kind.ARTICLE:
            return mark(replace(text, body=disguised(text.body, ALLOWED)))
        # Help centers show descriptions as text where people write them so.
        plain = _PARAGRAPH.fullmatch(text.body.strip())
        given = replace(text, body=plain[1] if plain else text.body)
        return mark_end(given) if self.option(brand, "folder_markers") is not False else given.body

    def _audience(self, brand: str, is_internal: bool | None) -> dict[str, Any]:
        if is_internal or (is_internal is None and self.target.is_internal):
            return {"user_segment_id": self._number(brand, "internal_segment")}
        return {"user_segment_id": self.option(brand, "segment") or None}

    def _number(self, brand: str, name: str) -> int:
        value = str(self.option(brand, name) or "")
        if not value.isdigit():
            where = f"{self.target.path}:{self.target.line}"
            raise TargetError(f"{brand}: the option {name!r} is no number", where=where, remedy="Take it from Guide.")
        return int(value)

    def _category(self, above: Place, fields: dict[str, Any]) -> str:
        """The category that a section stands in, directly or with the section around it, which `fields` then name."""
        if above.kind is Kind.CATEGORY:
            return above.number
        fields["parent_section_id"] = int(above.number)
        known = self.categories.get((above.brand, above.number))
        return known or str(self.get(above.brand, above.path)["section"]["category_id"])

    def _translations(self, place: Place) -> dict[str, Mapping[str, Any]]:
        """All translations by the target's code; none where the thing is gone."""
        rows = self.pages(place.brand, f"{place.path}/translations", "translations", missing=True)
        return {norm(row["locale"]): row for row in rows}

    def _put(self, place: Place, texts: Mapping[str, Any]) -> dict[str, Any] | None:
        """Replaces a translation; None where there is none."""
        given = {name: value for name, value in texts.items() if name != "locale"}
        path = f"{place.path}/translations/{self.code(place.locale)}"
        answer = self.wire.send("PUT", self.address(place.brand, path), json={"translation": given}, missing=True)
        return dict(answer.json().get("translation") or {}) if answer else None

    def _post_translation(self, place: Place, texts: Mapping[str, Any]) -> dict[str, Any]:
        path = f"{place.path}/translations"
        answer = said(self.wire.send("POST", self.address(place.brand, path), json={"translation": texts}))
        return dict(answer.json().get("translation") or {})


def _place(id: str) -> Place:
    place = place_of(id)
    if place is None:
        raise TargetError(f"{id!r} names nothing in Zendesk", remedy="Check the ledger.")
    return place


def _name(scope: Scope, key: str) -> str:
    return f"{scope.brand}/{scope.locale}/{key}"


def _blank(remote: Remote, group: str) -> Blank:
    scope = Scope(remote.brand, remote.locale)
    return Blank(scope, remote.kind, remote.marker, remote.content.title, "", remote.parent, group, remote.content)
