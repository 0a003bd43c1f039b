"""The portal as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
application = get_wsgi_application()

from conference import pages, refusals  # noqa: E402 (models want Django to be set up)

application = pages.before_django(refusals.utf8_alone(application))
