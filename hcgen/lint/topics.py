"""The topic rule: what an article says its tickets are about must be a topic that the brand's form knows."""

from __future__ import annotations

from collections.abc import Iterator

from hcgen.model.finding import Finding, Severity
from hcgen.model.site import Site
from hcgen.text import closest


def topic_findings(site: Site) -> Iterator[Finding]:
    """Articles of `site` whose `ticket.topic` is none of the topics that its brand lists, if it lists any."""
    known = [topic.id for topic in site.brand.ticket.topics]
    for page in site.pages:
        article = page.article
        topic = article.front.ticket.topic if article else ""
        if article and known and topic and topic not in known:
            near = closest(topic, known)
            remedy = f"Did you mean `{near}`? " if near else f"{site.brand.id} has {', '.join(known)}. "
            remedy += f"Or add the topic to {site.brand.path}, below `ticket.topics`."
            line = article.front.lines.get("ticket", 1)
            what = f"{topic!r} is no topic of {site.brand.id}"
            yield Finding(article.path, line, "unknown-topic", what, remedy, Severity.WARNING)
