"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config import error_pages  # noqa: E402 (models want Django to be set up)
from config.sqlite3.base import DatabaseWrapper  # noqa: E402
from publishing import page_cache  # noqa: E402

DatabaseWrapper.makes_file = False
application = page_cache.before_django(error_pages.utf8_alone(application))
