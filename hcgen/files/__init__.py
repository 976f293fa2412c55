"""The only code that reads `content/`, `brands/`, `theme/strings/` and `mkdocs.yml`. Knows no page and no HTML."""
