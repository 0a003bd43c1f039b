"""Whether the portal can work, for a load balancer."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def storage_answers() -> bool:
    """List the top of the storage: a folder that is gone or a bucket that does not answer raises."""
    try:
        default_storage.listdir("")
    except OSError:
        return False
    return True


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view's signature)
    """Answer 200 when database and storage answer, else 503, with a line for each."""
    found = {"database": database_answers(), "storage": storage_answers()}
    text = "".join(f"{name} {'ok' if is_well else 'gone'}\n" for name, is_well in found.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=200 if all(found.values()) else 503)
