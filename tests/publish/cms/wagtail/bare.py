"""The app `hc` without what it adds to the API: its page types alone."""

from django.apps import AppConfig


class BareConfig(AppConfig):
    """Registers no router."""

    name = "hc"
