"""제출 요청 in the file of a conference."""

from conference.exchange import Rows
from desk.models import Call

ROWS = (Rows("calls", Call, is_copied=False),)
