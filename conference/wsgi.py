"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
application = get_wsgi_application()

from conference import pages, refusals  # noqa: E402 (models want Django to be set up)
from conference.sqlite3.base import DatabaseWrapper  # noqa: E402

DatabaseWrapper.makes_file = False
application = pages.before_django(refusals.utf8_alone(application))
