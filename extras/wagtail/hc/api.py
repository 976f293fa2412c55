"""What Wagtail's API v3 lacks for publishing: pages with their bodies in one listing, files, and redirects.

All of it answers to the same tokens and permissions as the API itself.
"""

import re
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.pagination import paginate
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.errors import as_validation_error
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination
from wagtail.api.v3.permissions import require_any_permission
from wagtail.api.v3.querysets import get_pages_queryset
from wagtail.api.v3.routers.pages import PageDetailSchema
from wagtail.models import Locale, Page, Revision

from hc.models import File, HelpPage

FILE_LIMIT = 20 * 1024 * 1024
LIMIT = 100
router = Router(tags=["hc"], auth=BearerTokenAuth())


class Abilities(Schema):
    """What of this is there."""

    file_limit: int
    redirects: bool


class FileSchema(Schema):
    """A file; `url` is absolute."""

    digest: str
    name: str
    url: str


class TranslationSchema(Schema):
    """An empty translation to be made of the pages with the `uid` `group`, in the folder `parent_id`."""

    group: str
    parent_id: int
    locale: str
    uid: str
    title: str
    slug: str


class PageList(Schema):
    """A part of a listing, and how many there are in all."""

    items: list[PageDetailSchema]
    count: int


class RedirectSchema(Schema):
    """An old path and where it leads; `root` is the id of the help center's home page."""

    root: int
    source: str
    target: str


@router.get("/", response=Abilities)
def abilities(request: HttpRequest) -> Abilities:
    """Tells hcgen that the app is there."""
    return Abilities(file_limit=FILE_LIMIT, redirects=apps.is_installed("wagtail.contrib.redirects"))


@router.get("/pages/", response=PageList)
@require_any_permission(Page, ("change", "publish"))
def pages(request: HttpRequest, root: int, limit: int = 20, offset: int = 0) -> dict[str, Any]:
    """The help center pages below `root`, drafts included, parents before what is in them."""
    if not 0 < limit <= LIMIT:
        raise HttpError(400, f"limit cannot be higher than {LIMIT}")
    top = get_object_or_404(Page, pk=root)
    found = get_pages_queryset(request).descendant_of(top).type(*_types()).specific().order_by("path")
    items = list(found[offset : offset + limit])
    # Asked for together, not page by page.
    above = Page.objects.filter(path__in={page.path[: -page.steplen] for page in items})
    parents = {page.path: page for page in above.select_related("content_type")}
    revisions = Revision.objects.select_related("user").in_bulk([page.latest_revision_id for page in items])
    for page in items:
        page._cached_parent_obj = parents[page.path[: -page.steplen]]
        page.latest_revision = revisions.get(page.latest_revision_id)
    return {"items": items, "count": found.count()}


@router.post("/translations/", response={201: PageDetailSchema})
@require_any_permission(Page, ("add",))
def create_translation(request: HttpRequest, data: TranslationSchema) -> Status:
    """Makes a draft without texts, in one step: the API's own copy_for_translation copies those of its source."""
    source = _first(data.group)
    parent = get_object_or_404(Page, pk=data.parent_id)
    locale = get_object_or_404(Locale, language_code=data.locale)
    if parent.get_children().filter(slug=data.slug).exists():
        error = ValueError(f"The slug {data.slug!r} is already in use within the parent page.")
        raise as_validation_error(error, loc=("slug",))
    made = source.copy(
        to=parent,
        update_attrs={"locale": locale, "uid": data.uid, "title": data.title, "slug": data.slug},
        exclude_fields=["body", "search_description", "labels", "position", "is_outdated"],
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        log_action="wagtail.copy_for_translation",
        user=request.user,
    )
    return Status(201, made.specific)


@router.get("/files/", response=list[FileSchema])
@paginate(WagtailLimitOffsetPagination)
@require_any_permission(Page, ("change", "publish"))
def files(request: HttpRequest) -> list[FileSchema]:
    """All files that were sent here."""
    return [_shown(request, one) for one in File.objects.order_by("digest")]


@router.put("/files/{digest}/{name}/", response=FileSchema)
@require_any_permission(Page, ("publish",))
def put_file(request: HttpRequest, digest: str, name: str) -> FileSchema:
    """Keeps the request's body; sent again, it stays as it is."""
    # Read as a stream: `request.body` ends at DATA_UPLOAD_MAX_MEMORY_SIZE.
    data = request.read(FILE_LIMIT + 1)
    if not re.fullmatch(r"[0-9a-f]{16,128}", digest) or len(data) > FILE_LIMIT:
        raise HttpError(400, f"a digest in hexadecimal, and at most {FILE_LIMIT} bytes")
    found = File.objects.filter(digest=digest).first()
    if found is None:
        found = File(digest=digest, name=PurePosixPath(name).name)
        found.file.save(found.name, ContentFile(data), save=False)
        found.save(force_insert=True)
    return _shown(request, found)


@router.put("/redirects/", response=RedirectSchema)
@require_any_permission(Page, ("publish",))
def put_redirect(request: HttpRequest, data: RedirectSchema) -> RedirectSchema:
    """Makes or replaces the rule for one old path; Wagtail follows it where nothing else answers."""
    from wagtail.contrib.redirects.models import Redirect

    site = get_object_or_404(Page, pk=data.root).get_site()
    Redirect.objects.update_or_create(
        old_path=Redirect.normalise_path(data.source),
        site=site,
        defaults={"redirect_link": data.target, "redirect_page": None, "is_permanent": True},
    )
    return data


def _types() -> list[type[HelpPage]]:
    return [model for model in apps.get_models() if issubclass(model, HelpPage)]


def _first(group: str) -> HelpPage:
    """The oldest of the pages that are translations of each other, archived ones included."""
    names = (group, f"archived:{group}")
    found = [page for model in _types() for page in model.objects.filter(uid__in=names).order_by("pk")[:1]]
    if not found:
        raise Http404(f"no page has the uid {group!r}")
    return min(found, key=lambda page: page.pk)


def _shown(request: HttpRequest, file: File) -> FileSchema:
    return FileSchema(digest=file.digest, name=file.name, url=request.build_absolute_uri(file.file.url))
