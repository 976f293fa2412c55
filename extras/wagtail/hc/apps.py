"""The app's entry into a Django project: it adds `hc/` to Wagtail's API v3."""

from django.apps import AppConfig


class HelpCenterConfig(AppConfig):
    """`INSTALLED_APPS` names it as `hc`."""

    name = "hc"
    verbose_name = "Help center"

    def ready(self) -> None:
        # Page types must be known before the API makes its schemas, and routers be added before its addresses are read.
        from wagtail.api.v3.urls import api

        from hc.api import router

        api.add_router("/hc/", router)
