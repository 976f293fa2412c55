"""The step rule: what answers about a step are counted by must outlive the next edit of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hcgen.model.brand import Brand
from hcgen.model.finding import Finding, Severity
from hcgen.pages.library import Workshop, may_show
from hcgen.pages.lock import lock_of, naming_articles
from hcgen.pages.steps import lock_key


def step_findings(workshop: Workshop, brands: Sequence[Brand]) -> Iterator[Finding]:
    """Articles of `brands` with steps that the lock lacks, if anybody asks about steps or there is a lock at all."""
    project = workshop.project
    if not (project.locked_steps or any(brand.feedback for brand in project.brands)):
        return
    articles = [one for one in naming_articles(workshop) if any(may_show(brand, one) for brand in brands)]
    wanted = lock_of(workshop, articles)
    for article in articles:
        key = lock_key(article)
        missing = set(wanted.get(key, ())) - set(project.locked_steps.get(key, ()))
        if missing:
            steps = "1 step is" if len(missing) == 1 else f"{len(missing)} steps are"
            what = f"{steps} not in content/steps.lock, new or with other words"
            remedy = "Run `hcgen steps` and commit content/steps.lock."
            yield Finding(article.path, 0, "steps-not-locked", what, remedy, Severity.WARNING)
