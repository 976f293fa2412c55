"""Django's choice of language, for pages alone: the stock one redirects the API's 404 to /en/api/."""

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware


class PageLocaleMiddleware(LocaleMiddleware):
    """Leaves the API's answers as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response if request.path.startswith("/api/") else super().process_response(request, response)
