"""The least that Django can do: one view, no middleware. What the portal's pages are held against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bare", MIDDLEWARE=[])  # noqa: S106


def hello(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world.", headers={"Content-Length": "13"})  # as CommonMiddleware would say


urlpatterns = [path("", hello)]
application = get_wsgi_application()
