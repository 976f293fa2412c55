"""Page types that hcgen writes, and the files that their bodies show. Rename or subclass them as you like, and tell
hcgen of it by the target's option `types`."""

from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page

# What hcgen reads and cannot write.
_READ = ("live", "has_unpublished_changes", "latest_revision_created_at", "edited_by")
_WRITTEN = ("uid", "body", "position")


class HelpPage(Page):
    """What all help center pages have. `uid` is hcgen's name of the page, equal in all its translations."""

    uid = models.CharField("name in Git", max_length=255, blank=True, db_index=True)
    # Kept byte for byte; a rich text field would take tables, ids and classes out.
    body = StreamField([("html", blocks.RawHTMLBlock())], blank=True)
    position = models.IntegerField(default=0)

    api_fields = [*(APIField(name, writable=True) for name in _WRITTEN), *map(APIField, _READ)]
    content_panels = [*Page.content_panels, FieldPanel("body")]
    settings_panels = [*Page.settings_panels, FieldPanel("position"), FieldPanel("uid", read_only=True)]

    class Meta:
        abstract = True

    @property
    def edited_by(self) -> str:
        """Who changed it last, whether it was published or not."""
        user = self.latest_revision.user if self.latest_revision else None
        return user.get_username() if user else ""

    def in_order(self) -> list[Page]:
        """The published pages right below, in hcgen's order."""
        pages = self.get_children().live().specific()
        return sorted(pages, key=lambda page: (getattr(page, "position", 0), page.title))


class BrandRoot(HelpPage):
    """The home page of one brand's help center; its translations are the home pages of the other languages."""

    # Wagtail looks for it in each class alone.
    template = "hc/page.html"


class Section(HelpPage):
    """A category or a section."""

    template = "hc/page.html"


class Article(HelpPage):
    """An article."""

    template = "hc/page.html"
    labels = models.TextField(blank=True, help_text="One a line.")
    is_outdated = models.BooleanField(default=False)

    api_fields = [
        *HelpPage.api_fields,
        APIField("labels", writable=True),
        APIField("is_outdated", writable=True),
    ]
    content_panels = [*HelpPage.content_panels, FieldPanel("labels"), FieldPanel("is_outdated")]


def place_of(file: "File", name: str) -> str:
    return f"hc/{file.digest}/{name}"


class File(models.Model):
    """A picture or attachment, under the digest of its bytes: one file, however often it is sent."""

    digest = models.CharField(max_length=128, primary_key=True)
    name = models.CharField(max_length=255)
    file = models.FileField(upload_to=place_of, max_length=500)
