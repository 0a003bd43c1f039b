"""A misspelt or impossible value stops the start with one clear line."""

import stat
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from config import environment

HERE = urlsplit("http://localhost:8000")


def refusal(function, env, **options):
    with pytest.raises(environment.ConfigError) as refused:
        function(env, **options)
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_a_misspelt_name_is_refused_with_the_name_meant():
    line = refusal(environment.reject_unknown, {"PORTAL_DTA": "/srv/portal"})
    assert line == "PORTAL_DTA: 없는 설정입니다. 혹시 PORTAL_DATA? / unknown; did you mean PORTAL_DATA?"
    assert environment.reject_unknown({"PORTAL_DATA": "x", "PATH": "/bin"}) == {"PORTAL_DATA": "x", "PATH": "/bin"}


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("1", True), ("True", True), ("off", False), ("", False)])
def test_debug(text, value):
    assert environment.debug({"DEBUG": text}) is value


@pytest.mark.parametrize(
    "url",
    [
        "portal.gangbuk.go.kr",
        "ftp://portal.gangbuk.go.kr",
        "https://",
        "https://portal.gangbuk.go.kr/folder",
        "https://portal.gangbuk.go.kr:99999",
        "https://user@portal.gangbuk.go.kr",
        "http://[::1",
    ],
)
def test_an_impossible_address_is_refused(url):
    assert refusal(environment.address, {"PORTAL_URL": url}).startswith("PORTAL_URL: ")


def test_hosts_come_from_the_address_unless_given():
    https = environment.address({"PORTAL_URL": "https://conf.example.test/"})
    assert https.geturl() == "https://conf.example.test"
    assert environment.hosts({}, url=https) == ["127.0.0.1", "[::1]", "conf.example.test", "localhost"]
    assert environment.hosts({"ALLOWED_HOSTS": "a.example.test, b.example.test"}, url=https) == [
        "a.example.test",
        "b.example.test",
    ]
    for wrong in ("*", "https://a.example.test", "a.example.test b.example.test"):
        assert refusal(environment.hosts, {"ALLOWED_HOSTS": wrong}, url=https).startswith("ALLOWED_HOSTS: ")


def test_numbers():
    plain, https = environment.address({}), environment.address({"PORTAL_URL": "https://conf.example.test"})
    found = [environment.proxies({}, url=plain), environment.proxies({}, url=https)]
    found += [
        environment.proxies({"PORTAL_PROXIES": "2"}, url=plain),
        environment.proxies({"PORTAL_PROXIES": "0"}, url=https),
    ]
    assert found == [0, 1, 2, 0]
    assert [environment.sign_in_log_years(env) for env in ({}, {"PORTAL_SIGN_IN_LOG_YEARS": "2"})] == [1, 2]
    for wrong in ("x", "-1", "10", "١", "9" * 5000):
        assert refusal(environment.proxies, {"PORTAL_PROXIES": wrong}, url=plain).startswith("PORTAL_PROXIES: ")
    line = refusal(environment.sign_in_log_years, {"PORTAL_SIGN_IN_LOG_YEARS": "0"})
    assert line == "PORTAL_SIGN_IN_LOG_YEARS: '0': 1에서 10까지의 수여야 합니다. / a number from 1 to 10"


def test_sqlite_is_the_default_and_runs_immediate(tmp_path):
    database = environment.database({}, folder=tmp_path)
    assert (database["ENGINE"], database["NAME"]) == ("config.sqlite3", str(tmp_path / "portal.sqlite3"))
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for strokes in ("sqlite://", "sqlite:///"):
        assert environment.database({"DATABASE_URL": f"{strokes}{tmp_path}/x.db"}, folder=tmp_path)["NAME"] == str(
            tmp_path / "x.db"
        )


def test_postgresql_by_network_and_by_socket(tmp_path):
    url = "postgres://u:p%40ss@db.example.test:5433/portal?sslmode=require"
    database = environment.database({"DATABASE_URL": url}, folder=tmp_path)
    parts = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert [database[part] for part in parts] == [
        "django.db.backends.postgresql",
        "portal",
        "u",
        "p@ss",
        "db.example.test",
        "5433",
        {**environment.POSTGRESQL_WAITS, "sslmode": "require"},
    ]
    database = environment.database({"DATABASE_URL": "postgres:///portal?host=/run/postgresql"}, folder=tmp_path)
    assert [database[part] for part in parts[1:6]] == ["portal", "", "", "/run/postgresql", ""]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@db/portal",
        "postgres://u:secret@db",
        "postgres://u:secret@db:port/portal",
        "postgres://u:secret@db/portal?sslmod=require",
        "sqlite://portal.db",
        "portal.db",
    ],
)
def test_an_impossible_database_is_refused_and_no_password_told(url, tmp_path):
    line = refusal(environment.database, {"DATABASE_URL": url}, folder=tmp_path)
    assert line.startswith("DATABASE_URL: ")
    assert "secret" not in line


def test_caches(tmp_path):
    assert environment.cache({})["BACKEND"] == "config.database_cache.DatabaseCache"  # all processes count together
    assert environment.cache({"CACHE_URL": "locmem://"})["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert environment.cache({"CACHE_URL": "dummy://"})["BACKEND"] == "django.core.cache.backends.dummy.DummyCache"
    file = environment.cache({"CACHE_URL": f"file://{tmp_path}/cache"})
    assert (file["LOCATION"], (tmp_path / "cache").is_dir()) == (str(tmp_path / "cache"), True)
    assert refusal(environment.cache, {"CACHE_URL": "memcached://here"}).startswith("CACHE_URL: ")


@pytest.mark.parametrize(
    ("function", "env"),
    [
        (environment.cache, {"CACHE_URL": "redis://cache:6379/0"}),
        (environment.storage, {"STORAGE_URL": "s3://bucket"}),
    ],
)
def test_what_needs_more_packages_says_which(function, env, monkeypatch, tmp_path):
    options = {"folder": tmp_path} if function is environment.storage else {}
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "pip install '.[scale]'" in refusal(function, env, **options)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert function(env, **options) != ""


def test_storage_is_a_folder_in_the_data(tmp_path):
    assert environment.storage({}, folder=tmp_path)["OPTIONS"]["location"] == str(tmp_path / "files")
    (tmp_path / "file").write_text("")
    away = environment.storage({"STORAGE_URL": f"file://{tmp_path}/file/below"}, folder=tmp_path)  # starts all the same
    assert away["OPTIONS"]["location"] == f"{tmp_path}/file/below"
    assert refusal(environment.storage, {"STORAGE_URL": "file://relative"}, folder=tmp_path).startswith("STORAGE_URL: ")


def test_mail(tmp_path):
    files = environment.mail({}, folder=tmp_path, url=HERE)
    assert (files["EMAIL_FILE_PATH"], files["DEFAULT_FROM_EMAIL"]) == (str(tmp_path / "mail"), "portal@localhost")
    url = "smtps://u:p%2F@mail.example.test?from=portal@example.test"
    server = environment.mail({"EMAIL_URL": url}, folder=tmp_path, url=HERE)
    parts = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_PASSWORD", "EMAIL_USE_SSL", "EMAIL_USE_TLS", "DEFAULT_FROM_EMAIL")
    assert [server[part] for part in parts] == ["mail.example.test", 465, "p/", True, False, "portal@example.test"]
    plain = environment.mail({"EMAIL_URL": "smtp://relay:25?starttls=no"}, folder=tmp_path, url=HERE)
    assert [plain[part] for part in parts[1:5]] == [25, "", False, False]
    for wrong in ("smtp://", "smtp://relay?tls=no", "smtp://relay?starttls=maybe", "imap://relay"):
        assert refusal(environment.mail, {"EMAIL_URL": wrong}, folder=tmp_path, url=HERE).startswith("EMAIL_URL: ")


def test_a_weak_secret_or_password_is_refused(tmp_path):
    assert refusal(environment.secret_key, {"SECRET_KEY": "short"}, folder=tmp_path).startswith("SECRET_KEY: ")
    assert refusal(environment.demo_password, {"PORTAL_DEMO_PASSWORD": "1234"}).startswith("PORTAL_DEMO_PASSWORD: ")
    assert environment.demo_password({}) == ""


def test_the_secret_is_made_once_for_all_and_for_nobody_else(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(environment.secret_key({}, folder=tmp_path))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {(tmp_path / "secret-key").read_text()}
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]  # nothing half-written is left


def modes(folder) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}


def test_what_only_the_portal_reads_is_its_owners_alone(tmp_path):
    """In a folder that was open to all, with files as an earlier version left them and as they are made now."""
    new, old = tmp_path / "new", tmp_path / "old"
    old.mkdir(mode=0o755)
    for name in ("secret-key", "portal.sqlite3"):
        (old / name).touch(mode=0o644)
    (old / "secret-key").write_text("old-secret-" * 6)
    program = "import django; django.setup(); from django.db import connection; from django.conf import settings\n"
    program += (
        "from config import environment; environment.read_or_create_secret(settings.DATA / 'demo-password', make=str)\n"
    )
    program += "cursor = connection.cursor(); cursor.execute('CREATE TABLE a (b)'); cursor.execute('SELECT * FROM a')\n"
    program += "from pathlib import Path; print(*sorted(oct(p.stat().st_mode) for p in settings.DATA.glob('*3-*')))"
    for folder in (new, old):
        done = started(folder, "-c", program, DJANGO_SETTINGS_MODULE="config.settings")
        assert (done.returncode, done.stdout, done.stderr) == (0, "0o100600 0o100600\n", "")  # -wal and -shm
        assert modes(folder) == dict.fromkeys(["secret-key", "demo-password", "portal.sqlite3"], 0o600)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_what_lies_beside_the_database_is_narrowed_too(tmp_path):
    names = [f"portal.sqlite3{end}" for end in ("", "-wal", "-shm")]
    for name in names:
        (tmp_path / name).touch(mode=0o664)
    environment.database({}, folder=tmp_path)
    assert modes(tmp_path) == dict.fromkeys(names, 0o600)


def test_the_data_folder_is_made_or_the_start_refused(tmp_path):
    assert environment.data({"PORTAL_DATA": f"{tmp_path}/a/b"}, base=tmp_path) == tmp_path / "a" / "b"
    assert environment.data({}, base=tmp_path) == tmp_path / "var"
    (tmp_path / "file").write_text("")
    assert refusal(environment.data, {"PORTAL_DATA": f"{tmp_path}/file"}, base=tmp_path).startswith("PORTAL_DATA: ")


def started(tmp_path, *arguments, **env):
    env = {"PATH": "/usr/bin:/bin", "PORTAL_DATA": str(tmp_path), **env}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [("manage.py", "check"), ("-c", "import config.wsgi")])
def test_the_start_ends_with_one_line_and_no_traceback(arguments, tmp_path):
    done = started(tmp_path, *arguments, DATABASE_URL="oracle://db/portal")
    assert (done.returncode, done.stdout) == (1, "")
    schemes = "sqlite://, postgres://, postgresql://"
    line = f"DATABASE_URL: 'oracle': {schemes} 가운데 하나로 시작해야 합니다. / begin with {schemes}"
    assert done.stderr.splitlines() == [line]


def test_production_settings_pass_the_deployment_check(tmp_path):
    arguments = ("manage.py", "check", "--deploy", "--fail-level", "WARNING", "--tag", "security")
    done = started(tmp_path, *arguments, PORTAL_URL="https://conf.example.test")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n")


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("", "max-age=31536000"),
        ("host", "max-age=31536000"),
        ("subdomains", "max-age=31536000; includeSubDomains"),
        ("preload", "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_hsts_reaches_as_far_as_is_said(text, header, tmp_path):
    program = "import config.wsgi; from django.test import Client; c = Client(headers={'Host': 'conf.example.test'})"
    program += "; print(c.get('/robots.txt', secure=True)['Strict-Transport-Security'])"
    done = started(tmp_path, "-c", program, PORTAL_URL="https://conf.example.test", PORTAL_HSTS=text)
    assert (done.returncode, done.stdout) == (0, f"{header}\n")


def test_an_impossible_hsts_is_refused():
    https = environment.address({"PORTAL_URL": "https://conf.example.test"})
    assert [environment.hsts({}, url=url) for url in (HERE, https)] == ["host", "host"]
    for text, url in [("preloaded", https), ("yes", https), ("preload", HERE)]:
        assert refusal(environment.hsts, {"PORTAL_HSTS": text}, url=url).startswith("PORTAL_HSTS: ")
    line = refusal(environment.reject_unknown, {"PORTAL_HTST": "preload"})
    assert line == "PORTAL_HTST: 없는 설정입니다. 혹시 PORTAL_HSTS? / unknown; did you mean PORTAL_HSTS?"
