"""Fills a new database: `seed.py BRAND ...` makes one site a brand, with a home page in every language, and prints the
tokens of two users as JSON, the publisher's and a person's."""

import json
import os
import sys

import django

HOSTS = ("127.0.0.1", "localhost")


def main(brands: list[str]) -> None:
    """All of it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from hc.models import BrandRoot
    from wagtail.models import APIToken, Locale, Page, Site

    call_command("makemigrations", "hc", check=True, dry_run=True, verbosity=0)
    call_command("migrate", verbosity=0)
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES]
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    for page in root.get_children():
        page.delete()
    root.refresh_from_db()
    for host, brand in zip(HOSTS, brands, strict=False):
        first = BrandRoot(title=brand, slug=brand, uid=f"brand:{brand}", locale=locales[0])
        home = root.add_child(instance=first)
        for locale in locales[1:]:
            home.copy_for_translation(locale).save_revision().publish()
        Site.objects.create(hostname=host, port=80, root_page=home, is_default_site=host == HOSTS[0], site_name=brand)
    tokens = {}
    for name in ("publisher", "person"):
        user = get_user_model().objects.create_superuser(name, f"{name}@example.com", "x")
        _, tokens[name] = APIToken.create_token(user=user, name="tests")
    print(json.dumps(tokens))


main(sys.argv[1:])
