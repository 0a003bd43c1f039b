"""Settings from the environment variables, checked and converted.

Every function takes the environment as a mapping and returns a plain value, or raises ConfigError. This module
does not import Django, so a wrong value stops the start before anything else happens.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

Environment = Mapping[str, str]

PORTAL_NAMES = {
    "PORTAL_ACCEL",
    "PORTAL_DATA",
    "PORTAL_DEMO_PASSWORD",
    "PORTAL_HSTS",
    "PORTAL_PROXIES",
    "PORTAL_SIGN_IN_LOG_YEARS",
    "PORTAL_URL",
}
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
SECRET_LENGTH = 50  # required by Django's `check --deploy`
PASSWORD_LENGTH = 8


# Rows of a cache; beyond them expired rows are deleted, then a third of the others. A failed sign-in adds six rows, so with
# Django's limit of 300 a few strangers could delete the counters that limit their attempts.
CACHE_ENTRIES = 20_000
LOCK_WAIT = 8  # seconds a write waits for another one, on either database; why: docs/adr
POSTGRESQL_WAITS = {
    "connect_timeout": "3",  # seconds
    "tcp_user_timeout": "8000",  # ms after which a network that swallows packets counts as a lost connection
    "options": f"-c lock_timeout={LOCK_WAIT * 1000}",
}


class ConfigError(SystemExit):
    """An impossible setting. A SystemExit, so that Python prints one line and ends with exit code 1."""

    def __init__(self, name: str, korean: str, english: str) -> None:
        super().__init__(f"{name}: {korean} / {english}")


def reject_unknown(env: Environment) -> Environment:
    """Refuse unknown names that begin with PORTAL_: they are misspelt and would be ignored. Return ``env``."""
    for name in sorted(env):
        if name.startswith("PORTAL_") and name not in PORTAL_NAMES:
            near = difflib.get_close_matches(name, sorted(PORTAL_NAMES), n=1, cutoff=0)[0]
            raise ConfigError(name, f"없는 설정입니다. 혹시 {near}?", f"unknown; did you mean {near}?")
    return env


def debug(env: Environment) -> bool:
    return _parse_bool("DEBUG", env.get("DEBUG", ""))


def data(env: Environment, *, base: Path) -> Path:
    """Return the folder of database, uploads and renderings; create it if missing, for its owner and group only."""
    folder = Path(env.get("PORTAL_DATA") or base / "var").expanduser().absolute()
    return _restrict_mode(_make_folder("PORTAL_DATA", folder), 0o770)


def address(env: Environment) -> SplitResult:
    """Return the portal's base address (PORTAL_URL) in parts, without a path."""
    name, text = "PORTAL_URL", env.get("PORTAL_URL") or "http://localhost:8000"
    url = _parse_url(name, text, ("http", "https"))
    if not url.hostname or url.path not in {"", "/"} or url.query or url.fragment or url.username:
        raise ConfigError(name, f"{text!r}: https://이름[:포트] 꼴이어야 합니다.", "write it as https://name[:port]")
    return url._replace(path="")


def hosts(env: Environment, *, url: SplitResult) -> list[str]:
    """Return the names this portal answers to: ALLOWED_HOSTS, else PORTAL_URL's and the machine's own loopback."""
    names = [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    for host in names:
        if "/" in host or " " in host or host == "*":
            korean = f"{host!r}: 호스트 이름만 쉼표로 나누어 적습니다."
            raise ConfigError("ALLOWED_HOSTS", korean, "host names only, divided by commas, no *")
    return names or sorted({str(url.hostname), "localhost", "127.0.0.1", "[::1]"})


def proxies(env: Environment, *, url: SplitResult) -> int:
    """Return the number of our own proxies before the portal (PORTAL_PROXIES): one by default if its address is https."""
    # only that many last entries of X-Forwarded-For are reliable: anybody can write the entries before them
    return _parse_number("PORTAL_PROXIES", env.get("PORTAL_PROXIES") or ("1" if url.scheme == "https" else "0"), 0, 9)


def hsts(env: Environment, *, url: SplitResult) -> str:
    """Return how far HSTS reaches (PORTAL_HSTS): "host", "subdomains" or "preload", which includes the subdomains.

    A browser remembers it for a year, the preload list for longer. Other servers of the office below this name could then
    not be reached by plain HTTP. So the two wider values must be set explicitly.
    """
    name, text, known = "PORTAL_HSTS", env.get("PORTAL_HSTS") or "host", ("host", "subdomains", "preload")
    if text not in known:
        korean = f"{text!r}: {', '.join(known)} 가운데 하나여야 합니다."
        raise ConfigError(name, korean, f"one of {', '.join(known)}")
    if text != "host" and url.scheme != "https":
        raise ConfigError(name, "PORTAL_URL이 https일 때만 씁니다.", "for an https PORTAL_URL only")
    return text


def sign_in_log_years(env: Environment) -> int:
    """Return for how many years sign-in records are kept. Why at least one: accounts/sign_in_log.py."""
    return _parse_number("PORTAL_SIGN_IN_LOG_YEARS", env.get("PORTAL_SIGN_IN_LOG_YEARS") or "1", 1, 10)


def secret_key(env: Environment, *, folder: Path) -> str:
    given = env.get("SECRET_KEY", "")
    if not given:
        return read_or_create_secret(folder / "secret-key", make=lambda: secrets.token_urlsafe(64))
    if len(given) < SECRET_LENGTH:
        korean = f"너무 짧습니다({len(given)}자). {SECRET_LENGTH}자 이상이어야 합니다."
        raise ConfigError("SECRET_KEY", korean, f"too short, {SECRET_LENGTH} characters at least")
    return given


def demo_password(env: Environment) -> str:
    """Return PORTAL_DEMO_PASSWORD; if it is empty, load_example makes a password and stores it."""
    given = env.get("PORTAL_DEMO_PASSWORD", "")
    if given and len(given) < PASSWORD_LENGTH:
        korean = f"{PASSWORD_LENGTH}자 이상이어야 합니다."
        raise ConfigError("PORTAL_DEMO_PASSWORD", korean, f"{PASSWORD_LENGTH} characters at least")
    return given


def read_or_create_secret(path: Path, *, make: Callable[[], str]) -> str:
    """Read a secret from its file (mode 0600), or make it if there is none.

    The secret is written to a temporary file that is then linked: if two processes start together, both read the same one.
    """
    try:
        if not path.exists():
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(make())
            try:
                os.link(aside, path)
            except FileExistsError:
                pass  # the other process was first
            finally:
                Path(aside).unlink()
        return _restrict_mode(path, 0o600).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            str(path), f"읽거나 쓸 수 없습니다({error.strerror}).", "cannot be read or written"
        ) from error


def storage(env: Environment, *, folder: Path) -> dict:
    """Return Django's STORAGES entry for uploads and renderings: STORAGE_URL, else a folder in PORTAL_DATA."""
    name, text = "STORAGE_URL", env.get("STORAGE_URL") or (folder / "files").as_uri()
    url = _parse_url(name, text, ("file", "s3"))
    if url.scheme == "file":
        # made after the first migrate (conference/uploads/folder_storage.py): a portal without its files still starts
        options = {"location": str(_parse_path(name, url)), "file_permissions_mode": 0o640}
        return {"BACKEND": "conference.uploads.folder_storage.FolderStorage", "OPTIONS": options}
    _require_modules(name, "s3://", ("storages", "boto3"))
    if not url.hostname or url.path not in {"", "/"}:
        raise ConfigError(name, f"{text!r}: s3://버킷 꼴이어야 합니다.", "write it as s3://bucket")
    known = {"endpoint_url", "region_name", "access_key", "secret_key"}
    options = {"bucket_name": url.hostname, "querystring_auth": True, **_parse_query(name, url, known)}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def accel(env: Environment) -> str:
    """Return PORTAL_ACCEL, nginx's internal address of the storage folder; if it is empty, the portal sends the files."""
    name, text = "PORTAL_ACCEL", env.get("PORTAL_ACCEL", "")
    if text and not (text.isascii() and len(text) > len("//") and text[0] == text[-1] == "/"):
        raise ConfigError(name, f"{text!r}: /이름/ 꼴이어야 합니다.", "write it as /name/")
    if text and env.get("STORAGE_URL", "").startswith("s3:"):
        raise ConfigError(name, "저장소가 폴더일 때만 씁니다.", "only where the storage is a folder")
    return text


def cache(env: Environment) -> dict:
    """Return Django's CACHES entry: CACHE_URL, else a table in the database, because all processes share the counters.

    While Redis does not answer, the same table is used.
    """
    name, text = "CACHE_URL", env.get("CACHE_URL") or "database://"
    url = _parse_url(name, text, ("database", "locmem", "dummy", "file", "redis", "rediss"))
    options = {"MAX_ENTRIES": CACHE_ENTRIES}
    if url.scheme == "file":
        place, kind = _make_folder(name, _parse_path(name, url)), "django.core.cache.backends.filebased.FileBasedCache"
        return {"BACKEND": kind, "LOCATION": str(place), "OPTIONS": options}
    if url.scheme in {"redis", "rediss"}:
        _require_modules(name, f"{url.scheme}://", ("redis",))
        return {"BACKEND": "config.database_cache.RedisOrDatabase", "LOCATION": text}
    kinds = {
        "database": "config.database_cache.DatabaseCache",
        "locmem": "django.core.cache.backends.locmem.LocMemCache",
        "dummy": "django.core.cache.backends.dummy.DummyCache",
    }
    return {"BACKEND": kinds[url.scheme], "OPTIONS": options}


def mail(env: Environment, *, folder: Path, url: SplitResult) -> dict:
    """Return Django's mail settings: EMAIL_URL, else files in PORTAL_DATA/mail.

    smtp:// uses STARTTLS unless ?starttls=no; smtps:// uses TLS from the first byte; ?from= is the sender.
    """
    name, text = "EMAIL_URL", env.get("EMAIL_URL") or (folder / "mail").as_uri()
    place = _parse_url(name, text, ("file", "smtp", "smtps"))
    options = _parse_query(name, place, {"from", "starttls"})
    sender = {"DEFAULT_FROM_EMAIL": options.get("from", f"portal@{url.hostname}")}
    if place.scheme == "file":
        kept_in = _make_folder(name, _parse_path(name, place))
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(kept_in), **sender}
    if not place.hostname:
        raise ConfigError(name, f"{place.scheme}://이름[:포트] 꼴이어야 합니다.", "the mail server's name is missing")
    is_tls = place.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": place.hostname,
        "EMAIL_PORT": _parse_port(name, place) or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(place.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(place.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and _parse_bool(name, options.get("starttls", "yes")),
        "EMAIL_TIMEOUT": 10,  # seconds; a mail server that hangs must not hang the worker
        **sender,
    }


def database(env: Environment, *, folder: Path) -> dict:
    """Return Django's DATABASES entry: DATABASE_URL, else SQLite in PORTAL_DATA."""
    name, text = "DATABASE_URL", env.get("DATABASE_URL") or f"sqlite://{folder / 'portal.sqlite3'}"
    url = _parse_url(name, text, ("sqlite", "postgres", "postgresql"))
    if url.scheme == "sqlite":
        return _sqlite(_parse_path(name, url))
    known = {"host", "sslmode", "sslrootcert", "connect_timeout", "application_name"}
    options = {**POSTGRESQL_WAITS, **_parse_query(name, url, known)}
    base = unquote(url.path.removeprefix("/"))
    if not base or "/" in base:
        korean = "postgres://사용자:암호@서버:포트/이름 꼴이어야 합니다."
        raise ConfigError(name, korean, "write it as postgres://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": base,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),  # ?host=/folder is a Unix socket
        "PORT": str(_parse_port(name, url) or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict:
    """Return SQLite settings for several writers.

    WAL lets readers work while one process writes. IMMEDIATE takes the write lock when a transaction begins, because a
    transaction that reads first and writes later fails at once ("database is locked"), whatever the timeout is.
    """
    _make_folder("DATABASE_URL", path.parent)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):  # SQLite gives the other two the mode of the first
        _restrict_mode(path.with_name(name), 0o600)
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={LOCK_WAIT * 1000}")
    return {
        "ENGINE": "config.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 1,  # seconds to open the file; after that busy_timeout counts
            "transaction_mode": "IMMEDIATE",
            "init_command": "; ".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _parse_url(name: str, text: str, schemes: tuple[str, ...]) -> SplitResult:
    known = ", ".join(f"{scheme}://" for scheme in schemes)
    try:
        url = urlsplit(text)
    except ValueError as error:
        raise ConfigError(name, f"{text!r}: 주소가 아닙니다.", "no address") from error
    if url.scheme not in schemes or "://" not in text:
        # The value may contain a password, so the error shows only its scheme.
        raise ConfigError(
            name, f"{text.partition(':')[0]!r}: {known} 가운데 하나로 시작해야 합니다.", f"begin with {known}"
        )
    _parse_port(name, url)
    return url


def _parse_port(name: str, url: SplitResult) -> int | None:
    try:
        return url.port
    except ValueError as error:
        raise ConfigError(name, "포트는 0에서 65535까지의 수입니다.", "the port is a number up to 65535") from error


def _parse_path(name: str, url: SplitResult) -> Path:
    path = Path("/" + unquote(url.path).lstrip("/"))  # sqlite://// with four slashes is common too
    if url.netloc or not path.name:
        korean = f"{url.scheme}:///전체/경로 꼴이어야 합니다(빗금 셋)."
        raise ConfigError(name, korean, f"write it as {url.scheme}:///whole/path, three strokes")
    return path


def _make_folder(name: str, folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            name, f"{folder} 폴더를 만들 수 없습니다({error.strerror}).", "folder cannot be made"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(name, f"{folder} 폴더에 쓸 수 없습니다.", "folder cannot be written")
    return folder


def _restrict_mode(path: Path, most: int) -> Path:
    """Remove the permissions beyond ``most`` from a file or folder of ours; an earlier version or a copy may have set them."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return path
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & ~most:
        path.chmod(stat.S_IMODE(status.st_mode) & most)
    return path


def _parse_query(name: str, url: SplitResult, known: set[str]) -> dict[str, str]:
    given = {key: values[-1] for key, values in parse_qs(url.query, keep_blank_values=True).items()}
    for key in sorted(given.keys() - known):
        raise ConfigError(
            name, f"?{key}= 은(는) 없는 선택입니다.", f"unknown option; known: {', '.join(sorted(known))}"
        )
    return given


def _parse_number(name: str, text: str, least: int, most: int) -> int:
    numbers = {str(number): number for number in range(least, most + 1)}
    if text not in numbers:
        raise ConfigError(
            name, f"{text!r}: {least}에서 {most}까지의 수여야 합니다.", f"a number from {least} to {most}"
        )
    return numbers[text]


def _parse_bool(name: str, text: str) -> bool:
    if text.strip().lower() not in YES | NO:
        raise ConfigError(name, f"{text!r}: yes 또는 no여야 합니다.", "yes or no")
    return text.strip().lower() in YES


def _require_modules(name: str, what: str, modules: tuple[str, ...]) -> None:
    if any(importlib.util.find_spec(module) is None for module in modules):
        korean = f"{what}에는 추가 패키지가 필요합니다: pip install '.[scale]'"
        raise ConfigError(name, korean, f"needs {', '.join(modules)}")
