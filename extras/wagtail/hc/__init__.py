"""Help center pages for Wagtail, as hcgen publishes them: models, a listing with bodies, files and redirects."""
