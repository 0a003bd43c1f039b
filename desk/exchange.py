"""제출 요청 in the file of a conference."""

from conference.exchange import Rows
from desk.models import DataRequest

ROWS = (Rows("calls", DataRequest, is_copied=False),)
