"""`hcgen search`: the desk search of writers and agents over the sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hcgen.cli.options import now_option, project_option, shard_options
from hcgen.cli.output import colour, progress, say
from hcgen.errors import ExitCode

if TYPE_CHECKING:
    from hcgen.builds.desk import Answer, Found
    from hcgen.search.excerpt import Excerpt

_STATES = ("current", "stale", "fallback", "unpublished", "expired", "hidden")


@click.command("search")
@project_option
@click.argument("query", nargs=-1)
@shard_options
@click.option("--category", "categories", multiple=True, metavar="KEY", help="Only this folder; repeatable.")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only this state; repeatable.")
@click.option("--internal", is_flag=True, help="Also internal articles and blocks, marked.")
@click.option("--like", metavar="ARTICLE", default="", help="What says nearly the same as this path, key or id.")
@click.option("--limit", type=click.IntRange(1), default=10, help="Articles shown.", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@now_option
def command(
    root: Path,
    query: tuple[str, ...],
    brands: tuple[str, ...],
    locales: tuple[str, ...],
    categories: tuple[str, ...],
    states: tuple[str, ...],
    internal: bool,
    like: str,
    limit: int,
    as_json: bool,
    now: datetime | None,
) -> None:
    """Find articles by their words, in the sources: all brands and languages unless told otherwise.

    A query has words, "phrases", AND, OR, NOT, (groups), wild* cards, and the fields title: heading: text: about: tag:
    category: brand: locale: audience: id:. Ends with 1 if nothing is found. --locale is the reader's language.

    \b
    Examples:
      hcgen search refund a sale
      hcgen search --brand retail --locale de --internal Auszahlung
      hcgen search 'title:refund* NOT tag:disputes'
      hcgen search --like payments/refunds/refund-a-sale
    """
    from hcgen.builds.desk import Question, open_desks

    # An argument may hold bytes that are no text.
    text = " ".join(query).encode("utf-8", "replace").decode()
    if bool(text.strip()) == bool(like):
        raise click.UsageError("name what to search for: a QUERY, or an article with --like")
    question = Question(text, brands, locales, categories, states, internal, limit, like)
    with progress("Indexing", shown=not as_json) as advance:
        answer = open_desks(root, now, advance).answer(question)
    if as_json:
        click.echo(json.dumps(_as_json(text or like, answer), ensure_ascii=False, indent=1))
    else:
        _say(answer)
    if not answer.total:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _say(answer: Answer) -> None:
    """The answer for people: articles as `path:line: title`, then how many there are of what."""
    for word, near in answer.meant.items():
        say(f"no article has {_plain(word)!r}; searched for {', '.join(map(_plain, near))}", error=True, fg="yellow")
    if answer.found and answer.match == "some":
        say("no article has all of these words; these have some of them", error=True, fg="yellow")
    for one in answer.found:
        _say_one(one)
    if not answer.total:
        say("nothing found", error=True)
        return
    shown = f", the best {len(answer.found)} are shown" if answer.total > len(answer.found) else ""
    say(f"{answer.total} article{'s' if answer.total > 1 else ''}{shown}", bold=True)
    for name, counts in answer.facets.items():
        if len(counts) > 1:
            say(f"  {name:<9} " + ", ".join(f"{_plain(key)} {count}" for key, count in counts.items()))


def _say_one(one: Found) -> None:
    standing, hit = one.standing, one.hit
    states = [
        f"stands in for {', '.join(standing.stands_in)}" if state == "fallback" else state for state in standing.states
    ]
    marks = [state if state != "current" else "" for state in states]
    marks += ["internal"] if standing.is_internal else ["internal block"] if hit.is_internal else []
    place = f"{_plain(standing.article.path)}:{hit.line or 1}:"
    click.echo(f"{place} {click.style(_plain(hit.title), bold=True)}", color=colour())
    about = " · ".join(filter(None, (standing.article.locale, ", ".join(standing.brands))))
    noted = click.style(" · ".join(filter(None, marks)), fg="yellow")
    click.echo(f"    {about}{' · ' if any(marks) else ''}{noted}", color=colour())
    if hit.excerpt.text:
        click.echo(f"    {_highlighted(hit.excerpt)}", color=colour())


def _highlighted(excerpt: Excerpt) -> str:
    parts, at = [], 0
    for first, last in excerpt.ranges:
        parts += [_plain(excerpt.text[at:first]), click.style(_plain(excerpt.text[first:last]), fg="green", bold=True)]
        at = last
    return "".join((*parts, _plain(excerpt.text[at:])))


def _plain(text: str) -> str:
    """Words of an article without what a terminal would obey (ECMA-48, control functions)."""
    return "".join(letter if letter.isprintable() or letter == "\u200d" else " " for letter in text)


def _as_json(asked: str, answer: Answer) -> dict[str, object]:
    return {
        "query": asked,
        "match": answer.match.value,
        "meant": {word: list(near) for word, near in answer.meant.items()},
        "total": answer.total,
        "hits": [_hit(one) for one in answer.found],
        "facets": {name: dict(counts) for name, counts in answer.facets.items()},
    }


def _hit(one: Found) -> Mapping[str, object]:
    standing, hit = one.standing, one.hit
    return {
        "path": standing.article.path,
        "line": hit.line or 1,
        "id": hit.id,
        "key": standing.article.key,
        "title": hit.title,
        "locale": standing.article.locale,
        "brands": list(standing.brands),
        "category": standing.category,
        "audience": "internal" if standing.is_internal else "public",
        "states": [state.value for state in standing.states],
        "stands_in": list(standing.stands_in),
        "score": round(hit.score, 3),
        "excerpt": {
            "text": hit.excerpt.text,
            "ranges": [list(span) for span in hit.excerpt.ranges],
            "internal": hit.is_internal,
        },
    }
