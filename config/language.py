"""The language of a response, chosen by its path only."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

PREFIXED_LANGUAGES = {code for code, _ in settings.LANGUAGES} - {settings.LANGUAGE_CODE}


def language_from_path(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Use English under /en/ and Korean elsewhere.

    Django's LocaleMiddleware also reads cookie and Accept-Language and says so in Vary; then one stored page
    would no longer be the same bytes for everybody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        first = request.path_info.removeprefix("/").partition("/")[0]  # `OPTIONS *` has no slash at all
        request.LANGUAGE_CODE = first if first in PREFIXED_LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            return get_response(request)

    return middleware
