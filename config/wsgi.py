"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config import middleware  # noqa: E402 (models want Django to be set up)
from config.sqlite3.base import DatabaseWrapper  # noqa: E402
from publishing import page_cache  # noqa: E402

DatabaseWrapper.can_create_file = False
application = page_cache.serve_before_django(middleware.refuse_other_encodings(application))
