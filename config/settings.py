"""Settings: one file, from the environment alone. The README and environment.py explain each name."""

import os
from importlib.util import find_spec
from pathlib import Path

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = environment.reject_unknown(os.environ)

# ── the portal's own ────────────────────────────────────────────────────────────────────────────
DATA = environment.data(ENV, base=BASE_DIR)
ADDRESS = environment.address(ENV)
PORTAL_URL = ADDRESS.geturl()
DEMO_PASSWORD = environment.demo_password(ENV)  # "" = made by load_example and kept in DATA/demo-password
ACCEL = environment.accel(ENV)

# The base app finds modules of the apps above it by these names (rows/app_registry.py), never by an import.
PORTAL_APPS = [
    "accounts",
    "conference",
    "sheets",
    "publishing",
    "preparation",
    "sessions",
    "exhibits",
    "approvals",
    "reports",
    "desk",
    "visitors",
]
DOCUMENT_TYPES = {"result": "reports.document"}

# ── Django ──────────────────────────────────────────────────────────────────────────────────────
DEBUG = environment.debug(ENV)
SECRET_KEY = environment.secret_key(ENV, folder=DATA)
ALLOWED_HOSTS = environment.hosts(ENV, url=ADDRESS)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
LOCK_WAIT = environment.LOCK_WAIT
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "rows.apps.RowsConfig",
    "accounts.apps.AccountsConfig",
    "conference.apps.ConferenceConfig",
    "sheets.apps.SheetsConfig",
    "publishing.apps.PublishingConfig",
    "preparation.apps.PreparationConfig",
    "sessions.apps.SessionsConfig",  # label conference_sessions: "sessions" is Django's own
    "exhibits.apps.ExhibitsConfig",
    "approvals.apps.ApprovalsConfig",
    "reports.apps.ReportsConfig",
    "desk.apps.DeskConfig",
    "visitors.apps.VisitorsConfig",
    "config.apps.ConfigConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # templates of its widgets
    "allauth",
    "allauth.account",
    "allauth.usersessions",  # which devices are signed in
    "crispy_forms",
]

MIDDLEWARE = [
    # first of all, so that a stored page needs no other middleware; with DEBUG no page is stored
    "config.development.reload_templates" if DEBUG else "publishing.page_cache.StoredPagesMiddleware",
    "config.headers.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.strip_nul_bytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.language_from_path",
    "config.middleware.render_method_not_allowed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "approvals.middleware.StaleActMiddleware",  # an act on a stale document gets page 409, with what was typed
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["rows.templatetags.lines"],  # joinlines
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "krds"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["krds"]

# ── rows and files ──────────────────────────────────────────────────────────────────────────────
# ATOMIC_REQUESTS stays off: only verbs open transactions
DATABASES = {"default": environment.database(ENV, folder=DATA)}
CACHES = {
    "default": environment.cache(ENV),
    # all processes share it, whatever CACHE_URL says
    "shared": {"BACKEND": "config.database_cache.DatabaseCache"},
}
STORAGES = {
    "default": environment.storage(ENV, folder=DATA),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "config.static_bundles.BundleFinder"]
# Fonts are for PDF, which reads them here; compressing them takes longer than all the rest of the start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "ttf"]
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2  # bytes; larger ones go through a temporary file
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # a table of 400 lines (sheets.table) with 14 fields each
DATA_UPLOAD_MAX_NUMBER_FILES = 40

# ── people ──────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/approvals/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "mail"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # closed by the adapter; allauth asks for a list
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_SESSION_REMEMBER = False  # an office computer is shared: the sign-in ends with the browser
# what each counts by: accounts/sign_in_limits.py; a minute is m, an hour h, a day d
ACCOUNT_RATE_LIMITS = {
    "login": None,  # counting by address only, one person could lock out a whole office
    "login_failed": "5/5m/key,10/h/key,20/d/key",  # name and address, or a browser that the account knows
    "login_failed_name": "30/h/key,100/d/key",
    "login_failed_address": "500/h/ip",  # two hundred colleagues at nine o'clock, each with two wrong passwords
    "refusal_logged": "1/m/key",
    "change_password": "5/m/user",
    "reset_password": "5/h/key,200/h/ip",
    "reset_password_from_key": "200/h/ip",
}
SIGN_IN_LOG_YEARS = environment.sign_in_log_years(ENV)
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds; one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# ── language and time ───────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# ── safety ──────────────────────────────────────────────────────────────────────────────────────
IS_HTTPS = ADDRESS.scheme == "https"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks in plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None  # set by the proxy that ends TLS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
HSTS = environment.hsts(ENV, url=ADDRESS)
SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS in {"subdomains", "preload"}
SECURE_HSTS_PRELOAD = HSTS == "preload"
# both are off on purpose, because they affect every other server of the office below this name (environment.hsts)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failed"
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxies(ENV, url=ADDRESS)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# ── mail and log ────────────────────────────────────────────────────────────────────────────────
globals().update(environment.mail(ENV, folder=DATA, url=ADDRESS))
SERVER_EMAIL = globals()["DEFAULT_FROM_EMAIL"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},  # only the root handler: no mail to admins, no second line
        "django.security.DisallowedHost": {
            "level": "CRITICAL"
        },  # anybody can send requests with a wrong host name all day
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        **{app: {"level": "INFO"} for app in ("rows", *PORTAL_APPS, "config")},
    },
}

# ── development ──────────────────────────────────────────────────────────────────────────
if DEBUG and find_spec("debug_toolbar"):  # one of the packages for tests
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(1, "debug_toolbar.middleware.DebugToolbarMiddleware")
    STATICFILES_FINDERS.append("django.contrib.staticfiles.finders.AppDirectoriesFinder")  # its scripts and styles
    INTERNAL_IPS = ["127.0.0.1", "::1"]  # clients that see the toolbar
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
    # `./portal run` would refuse a database with migrations that it has not
    MIGRATION_MODULES = {"debug_toolbar": None}
