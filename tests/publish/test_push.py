"""Plan and apply on a folder: what changes, what is left alone, and that nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hcgen.publish.plan import Action, PlanError
from hcgen.publish.values import Identity, Kind, State
from tests.publish.kit import LIKE_A_CMS, PICTURE, Desk, actions, state_of
from tests.world import REFUNDS_DE, REFUNDS_EN, small_world

MakeDesk = Callable[..., Desk]
LINKED = "---\ntitle: Read an invoice\ntags: [money]\n---\n[refunds](refunds.md#steps) ![shot](images/shot.png)\n"


@pytest.fixture
def make_desk(tmp_path: Path) -> MakeDesk:
    def make(options: dict[str, object] | None = None, **more: object) -> Desk:
        files: dict[str, str | bytes | None] = {
            "content/en/billing/invoices.md": LINKED,
            "content/en/billing/images/shot.png": PICTURE,
        }
        return Desk(small_world(tmp_path / "world", files), dict(options or {}), dict(more))

    return make


@pytest.fixture(params=["plain", "like a CMS"])
def desk(request: pytest.FixtureRequest, make_desk: MakeDesk) -> Desk:
    return make_desk(LIKE_A_CMS if request.param == "like a CMS" else {})


def test_all_is_made_once_and_a_second_push_sends_nothing(desk: Desk) -> None:
    first = desk.plan()
    assert set(first.counts) == {"create", "upload"}
    assert desk.apply(first).is_complete
    writes = desk.writes()
    second = desk.plan()
    assert actions(second) == []
    assert second.conflicts == ()
    assert desk.apply(second).done == 0
    assert desk.writes() == writes
    assert {one.content.state for one in desk.remotes().values()} == {State.PUBLISHED}


def test_every_body_is_written_once(desk: Desk) -> None:
    desk.push()
    written = [line for line in desk.writes() if line.startswith("write ")]
    assert len(written) == len(set(written)) == len(desk.remotes())


def test_planning_writes_nothing_anywhere(desk: Desk) -> None:
    before = sorted(desk.world.root.rglob("*"))
    desk.planned()
    assert sorted(desk.world.root.rglob("*")) == before


def test_links_lead_to_the_target_and_keep_their_anchors(desk: Desk) -> None:
    desk.push()
    body = desk.remote("billing/invoices").content.body
    assert f'href="{desk.remote("billing/refunds").url}#steps"' in body
    assert 'src="https://folder.invalid/files/all/' in body
    assert "hcgen:" not in body


def test_what_changes_in_git_is_all_that_is_sent(desk: Desk) -> None:
    desk.push()
    count = len(desk.writes())
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "First of all.")})
    plan = desk.plan()
    assert actions(plan) == [("update", "retail/en/billing/refunds"), ("update", "web/en/billing/refunds")]
    assert {change.fields for change in plan.changes} == {("body", "summary")}
    assert desk.apply(plan).is_complete
    assert len(desk.writes()) == count + 2
    assert "First of all." in desk.remote("billing/refunds").content.body
    assert actions(desk.plan()) == []


def test_labels_of_a_group_are_those_of_all_its_languages(make_desk: MakeDesk) -> None:
    desk = make_desk(LIKE_A_CMS)
    desk.world.write(
        {"content/de/billing/invoices.md": "---\ntitle: Rechnung\ntags: [geld]\nsynonyms: [Beleg]\n---\nText\n"}
    )
    desk.push()
    assert desk.remote("billing/invoices").content.labels == ("Beleg", "geld", "money")
    assert desk.remote("billing/invoices", "de").content.labels is None
    desk.world.write({"content/de/billing/invoices.md": "---\ntitle: Rechnung\ntags: [bezahlen]\n---\nText\n"})
    plan = desk.plan()
    # The German text is as it was: only the first of the group is sent.
    assert actions(plan) == [
        ("update", "retail/en/billing/invoices"), ("update", "web/en/billing/invoices"),
    ]  # fmt: skip
    desk.apply(plan)
    assert desk.remote("billing/invoices").content.labels == ("bezahlen", "money")
    assert actions(desk.plan()) == []


# People who work over there -----------------------------------------------------------------------------------------


def test_an_edit_over_there_stays_while_git_does_not_move(desk: Desk) -> None:
    desk.push()
    edited = desk.remote("billing/refunds")
    desk.person.edit(edited.id, body="<p>Written by hand.</p>")
    plan = desk.plan()
    assert actions(plan) == []
    assert [(one.kind, one.refuses) for one in plan.conflicts] == [("drift", False)]
    assert "Written by hand." in plan.conflicts[0].before.content.body  # type: ignore[union-attr]
    desk.apply(plan)
    assert desk.remote("billing/refunds").content.body == "<p>Written by hand.</p>"


def test_an_edit_on_both_sides_is_refused_until_somebody_decides(desk: Desk) -> None:
    desk.push()
    desk.person.edit(desk.remote("billing/refunds").id, body="<p>By hand.</p>")
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    plan = desk.plan()
    assert plan.is_refused
    assert [(str(one.identity), one.kind) for one in plan.conflicts] == [("retail/en/billing/refunds", "both")]
    with pytest.raises(PlanError, match="retail/en/billing/refunds"):
        desk.apply(plan)
    left = desk.plan(leaves=True)
    assert actions(left) == [("update", "web/en/billing/refunds")]
    desk.apply(left)
    assert desk.remote("billing/refunds").content.body == "<p>By hand.</p>"
    forced = desk.plan(overrides=("retail/en/billing/refunds",))
    assert [change.reasons for change in forced.changes] == [("source", "override")]
    assert "By hand." in forced.changes[0].before.content.body  # type: ignore[union-attr]
    desk.apply(forced)
    assert "Second." in desk.remote("billing/refunds").content.body
    assert actions(desk.plan()) == []


def test_a_draft_of_somebody_is_never_published_nor_lost(desk: Desk) -> None:
    desk.push()
    desk.person.draft(desk.remote("billing/refunds").id, body="<p>Not ready.</p>")
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    plan = desk.plan(brands=("retail",))
    assert [one.kind for one in plan.conflicts] == ["pending"]
    assert plan.is_refused
    assert desk.remote("billing/refunds").pending
    desk.apply(desk.plan(overrides=("billing/refunds",)))
    assert not desk.remote("billing/refunds").pending


def test_a_draft_that_a_push_has_seen_is_no_less_somebodys(desk: Desk) -> None:
    desk.push()
    desk.person.draft(desk.remote("billing/refunds").id, body="<p>Not ready.</p>")
    between = desk.plan(brands=("retail",))
    assert ([one.kind for one in between.conflicts], between.changes) == (["pending"], ())
    desk.apply(between)
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    assert desk.plan(brands=("retail",)).is_refused


@pytest.mark.parametrize("what", ["edit", "draft"])
def test_an_edit_between_plan_and_apply_stops_it_before_it_writes(desk: Desk, what: str) -> None:
    desk.push()
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    plan = desk.plan()
    getattr(desk.person, what)(desk.remote("billing/refunds").id, body="<p>Meanwhile.</p>")
    writes = desk.writes()
    with pytest.raises(PlanError, match="retail/en/billing/refunds"):
        desk.apply(plan)
    assert desk.writes() == writes


def test_the_same_edit_on_both_sides_is_no_conflict(desk: Desk) -> None:
    desk.push()
    remote = desk.remote("billing/refunds")
    desk.world.write({"content/en/billing/refunds.md": REFUNDS_EN.replace("First.", "Second.")})
    there = remote.content
    desk.person.edit(
        remote.id, body=there.body.replace("First.", "Second."), summary=str(there.summary).replace("First.", "Second.")
    )
    count = len(desk.writes())
    plan = desk.plan(brands=("retail",))
    assert actions(plan) == [("record", "retail/en/billing/refunds")]
    desk.apply(plan)
    assert len(desk.writes()) == count
    assert actions(desk.plan(brands=("retail",))) == []


def test_what_somebody_removed_is_not_made_anew_unasked(desk: Desk) -> None:
    desk.push()
    gone = desk.remote("billing/invoices")
    desk.person.archive(gone)
    plan = desk.plan(brands=("retail",))
    assert "create" not in plan.counts
    assert [one.kind for one in plan.conflicts] == ["gone"]
    desk.push(brands=("retail",), overrides=("billing/invoices",))
    assert desk.remote("billing/invoices").content.title == "Read an invoice"


# Going and moving ---------------------------------------------------------------------------------------------------


def test_what_git_removed_stays_until_it_is_asked_for(desk: Desk) -> None:
    desk.push()
    desk.world.write({"content/en/billing/invoices.md": None})
    plan = desk.plan()
    assert actions(plan) == []
    assert any("no longer in Git" in line for line in plan.warnings)
    asked = desk.plan(archives=True)
    assert [one for one in actions(asked) if one[0] == "archive"] == [
        ("archive", "retail/en/billing/invoices"), ("archive", "web/en/billing/invoices"),
    ]  # fmt: skip
    desk.apply(asked)
    assert all("invoices" not in one.marker for one in desk.remotes().values())
    assert actions(desk.plan(archives=True)) == []


def test_only_what_the_ledger_owns_ever_goes(desk: Desk) -> None:
    desk.push()
    folder = desk.remote("billing", kind=Kind.SECTION if desk.options else Kind.CATEGORY)
    theirs = desk.person
    made = theirs.create(_blank(folder.id))
    texts = ("en/billing/invoices", "en/billing/refunds", "de/billing/refunds", "en/billing/index", "de/billing/index")
    desk.world.write({f"content/{name}.md": None for name in texts})
    desk.world.write({"content/en/other/new.md": "---\ntitle: New\n---\nText\n"})
    plan = desk.plan(archives=True)
    assert made.id not in {change.id for change in plan.changes}
    assert folder.id not in {change.id for change in plan.changes}, "a folder with foreign things in it stays"
    assert any("stay" in line and made.id in line for line in plan.warnings)
    desk.apply(plan)
    assert desk.remotes()[made.id].parent == folder.id


def _blank(parent: str):  # type: ignore[no-untyped-def]
    from hcgen.publish.port import Blank
    from hcgen.publish.values import Content, Scope

    return Blank(Scope("retail", "en"), Kind.ARTICLE, "", "Theirs", "theirs", parent, "", Content("Theirs"))


def test_filters_never_take_away_what_lies_outside_them(desk: Desk) -> None:
    desk.push()
    desk.world.write({"content/en/billing/invoices.md": None, "content/de/billing/refunds.md": None})
    desk.world.write({"content/en/other/new.md": "---\ntitle: New\n---\nText\n"})
    for asked, gone in (
        ({"brands": ("web",)}, {"web/en/billing/invoices", "web/de/billing/refunds", "web/de/billing"}),
        ({"locales": ("de",)}, {"retail/de/billing/refunds", "web/de/billing/refunds", "retail/de/billing",
                                "web/de/billing"}),
        ({"topics": ("other",)}, set()),
        ({"topics": ("money",)}, set()),
    ):  # fmt: skip
        found = {what for action, what in actions(desk.plan(archives=True, **asked)) if action == "archive"}
        assert found == gone, asked
    created = {what for action, what in actions(desk.plan(topics=("other",))) if action == "create"}
    assert created == {"retail/en/other/new", "retail/en/other", "web/en/other/new", "web/en/other"}


def test_caps_refuse_what_would_take_away_too_much(make_desk: MakeDesk) -> None:
    from hcgen.model.target import Caps

    desk = make_desk(caps=Caps(count=50, share=0.1, small=5))
    desk.push()
    desk.world.write({"content/en/billing/invoices.md": None})
    plan = desk.plan(archives=True)
    assert plan.is_refused
    assert "--archive-limit 2" in plan.refusals[0]
    with pytest.raises(PlanError):
        desk.apply(plan)
    assert desk.plan(archives=True, archive_limit=1).is_refused
    assert not desk.plan(archives=True, archive_limit=2).is_refused
    desk.more["caps"] = Caps(count=50, share=0.1, small=100)
    assert not desk.plan(archives=True).is_refused, "a small target has no limit"
    desk.more["caps"] = Caps(count=1, share=1.0, small=0)
    assert desk.plan(archives=True).is_refused


def test_a_renamed_file_keeps_its_article(desk: Desk) -> None:
    desk.push()
    before = desk.remote("billing/refunds")
    desk.world.write(
        {"content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None,
         "content/en/billing/money-back.md": REFUNDS_EN,
         "content/en/billing/invoices.md": LINKED.replace("refunds.md", "money-back.md")}
    )  # fmt: skip
    plan = desk.plan(brands=("retail",), locales=("en",))
    assert "create" not in plan.counts
    assert any("renamed from billing/refunds" in change.reasons for change in plan.changes)
    desk.apply(plan)
    after = desk.remote("billing/money-back")
    assert after.id == before.id
    assert after.marker == "billing/money-back"
    assert Identity("retail", Kind.ARTICLE, "billing/refunds", "en") not in desk.ledger.entries
    assert f'href="{after.url}#steps"' in desk.remote("billing/invoices").content.body
    assert actions(desk.plan(brands=("retail",), locales=("en",))) == []


def test_an_id_that_an_article_gets_later_is_known_when_its_file_is_renamed(desk: Desk) -> None:
    with_id = LINKED.replace("---\n", "---\nid: wanted\n", 1)
    desk.push()
    before = desk.remote("billing/invoices")
    desk.world.write({"content/en/billing/invoices.md": with_id})
    desk.push()
    desk.world.write({"content/en/billing/invoices.md": None, "content/en/billing/bills.md": with_id})
    desk.push()
    assert desk.remote("billing/bills").id == before.id


def test_an_address_that_changes_leads_on_and_links_follow(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.push()
    old = desk.remote("billing/refunds")
    desk.world.write(
        {"content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None,
         "content/en/billing/money-back.md": REFUNDS_EN,
         "content/en/billing/invoices.md": LINKED.replace("refunds.md", "money-back.md")}
    )  # fmt: skip
    desk.push(brands=("retail",), locales=("en",))
    new = desk.remote("billing/money-back")
    assert new.url != old.url
    rules = state_of(desk)["rules"]
    assert len(rules) == 1
    assert "-refunds" in rules[0]
    assert "-money-back" in rules[0]
    assert actions(desk.plan(brands=("retail",), locales=("en",))) == []


def test_old_addresses_of_articles_lead_to_them(make_desk: MakeDesk) -> None:
    desk = make_desk()
    text = REFUNDS_EN.replace("id: refunds\n", "id: refunds\nredirect_from: [/hc/en-us/articles/12-Refunds]\n")
    desk.world.write({"content/en/billing/refunds.md": text})
    desk.push()
    rule = desk.ledger.rules["retail", "/hc/en-us/articles/12-Refunds"]
    assert desk.remote("billing/refunds").url.endswith(rule.target)
    assert actions(desk.plan()) == []


def test_an_article_moves_with_its_id(desk: Desk) -> None:
    desk.push()
    before = desk.remote("billing/refunds")
    desk.world.write(
        {"content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None,
         "content/en/money/refunds.md": REFUNDS_EN.replace("First.", "First."),
         "content/en/billing/invoices.md": LINKED.replace("refunds.md", "../money/refunds.md")}
    )  # fmt: skip
    plan = desk.plan(brands=("retail",), locales=("en",))
    assert next(c.action for c in plan.changes if c.id == before.id) is Action.MOVE
    desk.apply(plan)
    after = desk.remote("money/refunds")
    assert after.id == before.id
    assert after.parent != before.parent
    assert actions(desk.plan(brands=("retail",), locales=("en",))) == []


def test_warnings_name_what_links_to_what_goes(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.push()
    url = desk.remote("billing/refunds").url
    theirs = desk.person.create(_blank(""))
    desk.person.edit(theirs.id, body=f'<p><a href="{url}#steps">here</a></p>')
    static = "https://help.acme.example/retail/en/billing/refunds/"
    desk.world.write(
        {"content/en/billing/refunds.md": None, "content/de/billing/refunds.md": None,
         "content/en/billing/invoices.md": "---\ntitle: Read an invoice\n---\nText\n",
         "brands/web/content/en/billing/ask.md": f"---\ntitle: Ask\n---\n[there]({static})\n"}
    )  # fmt: skip
    warnings = "\n".join(desk.plan(archives=True).warnings)
    assert "'Theirs' links to retail/en/billing/refunds" in warnings
    assert "brands/web/content/en/billing/ask.md links to retail/en/billing/refunds" in warnings


# Files, flags, audiences --------------------------------------------------------------------------------------------


def test_a_picture_that_changes_is_sent_and_shown(desk: Desk) -> None:
    desk.push()
    before = desk.remote("billing/invoices").content.body
    desk.world.write({"content/en/billing/images/shot.png": PICTURE + b"\0"})
    plan = desk.plan(brands=("retail",))
    assert [action for action, _ in actions(plan)] == ["upload", "update"]
    desk.apply(plan)
    assert desk.remote("billing/invoices").content.body != before
    assert actions(desk.plan(brands=("retail",))) == []


def test_a_picture_that_changed_since_the_plan_is_not_sent(desk: Desk) -> None:
    plan = desk.plan(brands=("retail",))
    desk.world.write({"content/en/billing/images/shot.png": PICTURE + b"\0"})
    report = desk.apply(plan)
    assert any("is not the file that was planned" in line for line in report.failures)
    assert not list(desk.out.glob("files/**/*.png"))


def test_files_too_large_stay_on_the_static_site(make_desk: MakeDesk) -> None:
    desk = make_desk({"asset_limit": 10})
    planned = desk.planned()
    assert [one.rule for one in planned.findings if one.rule == "large-asset"]
    assert planned.plan is not None
    assert any(line.startswith("content/en/billing/images/shot.png: the file has") for line in planned.plan.warnings)
    desk.push()
    assert 'src="https://help.acme.example/retail/assets/shot.' in desk.remote("billing/invoices").content.body


def test_a_translation_behind_its_source_is_flagged(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.push()
    desk.world.write(
        {"content/en/billing/refunds.md": REFUNDS_EN.replace("id: refunds", "id: refunds\nupdated: 2026-05-02"),
         "content/de/billing/refunds.md": REFUNDS_DE.replace("id: refunds", "id: refunds\nupdated: 2026-05-01")}
    )  # fmt: skip
    plan = desk.plan()
    assert actions(plan) == [("flag", "retail/de/billing/refunds"), ("flag", "web/de/billing/refunds")]
    desk.apply(plan)
    assert desk.remote("billing/refunds", "de").content.is_outdated is True
    assert actions(desk.plan()) == []


def test_pages_in_a_stand_in_language_are_pushed_only_when_asked(make_desk: MakeDesk) -> None:
    plain = make_desk()
    assert "retail/de/billing/invoices" not in {what for _, what in actions(plain.plan())}
    asked = make_desk(pushes_fallbacks=True)
    plan = asked.plan()
    fallback = next(c.desired for c in plan.changes if str(c.identity) == "retail/de/billing/invoices")
    assert fallback is not None
    assert fallback.written_in == "en"
    assert '<div lang="en" dir="ltr">' in fallback.content.body


def test_internal_articles_go_to_internal_targets_alone(make_desk: MakeDesk) -> None:
    secret = "---\ntitle: Fraud rules\naudience: internal\n---\nWe block the card.\n\n/// internal\nAfter three.\n///\n"
    files: dict[str, str | bytes | None] = {"content/en/billing/fraud.md": secret}
    public = make_desk()
    public.world.write(files)
    assert not any("fraud" in what for _, what in actions(public.plan()))
    inside = make_desk(is_internal=True)
    inside.push()
    remote = inside.remote("billing/fraud")
    assert remote.content.is_internal is True
    assert "After three." in remote.content.body
    assert inside.remote("billing/refunds").content.is_internal is False


def test_faults_of_the_content_keep_it_from_being_pushed(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.world.write({"content/en/billing/refunds.md": "---\ntitle: [\n---\nFirst.\n"})
    planned = desk.planned()
    assert planned.plan is None
    assert planned.errors


def test_a_plan_is_the_same_each_time_it_is_made(desk: Desk) -> None:
    assert desk.plan().digest == desk.plan().digest


def test_a_translation_waits_for_the_language_that_its_group_begins_with(make_desk: MakeDesk) -> None:
    desk = make_desk(LIKE_A_CMS)
    plan = desk.plan(locales=("de",))
    assert plan.is_refused
    assert {one.kind for one in plan.conflicts} == {"first"}
    desk.push(locales=("en",))
    desk.push(locales=("de",))
    assert desk.remote("billing/refunds", "de").group == desk.remote("billing/refunds").group
    assert actions(desk.plan()) == []
