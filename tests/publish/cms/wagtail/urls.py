"""Addresses: the API, files, and the pages below their languages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.api.v3.urls import api

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("api/v3/", api.urls),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    *i18n_patterns(path("", include(wagtail_urls))),
]
