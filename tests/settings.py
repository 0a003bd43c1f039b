"""The portal's own settings in an environment of the tests' making, with the few things tests need otherwise."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Whatever the caller's shell says must not reach the tests; the database alone is theirs to choose.
THEIRS = [name for name in os.environ if name.startswith("PORTAL_")]
for name in (*THEIRS, "CACHE_URL", "STORAGE_URL", "EMAIL_URL", "DEBUG"):
    os.environ.pop(name, None)
_DATA = tempfile.mkdtemp(prefix="portal-tests-")  # lives and ends with the process
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["PORTAL_DATA"] = _DATA
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["DJANGO_LIVE_TEST_SERVER_ADDRESS"] = "127.0.0.1"  # a bare system may not know the name localhost
os.environ["CACHE_URL"] = "locmem://"  # the caches that processes share have tests of their own

from config.settings import *  # noqa: E402, F403  (after the environment is set)

# A file, not memory: threads of a test each open their own connection and must see one database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_DATA) / "tests.sqlite3")}  # noqa: F405
    # a power cut may cost the tests' rows; every other pragma is the portal's
    OPTIONS = DATABASES["default"]["OPTIONS"]  # noqa: F405
    OPTIONS["init_command"] = OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in costs nothing
CACHES = {**CACHES, "shared": CACHES["default"]}  # noqa: F405
ACCOUNT_RATE_LIMITS = False  # a test that wants them sets them
# the same hashed names, without the compression that only a network needs
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}  # noqa: F405
