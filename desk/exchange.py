"""제출 요청 in the file of a conference."""

from conference.exchange import RowList
from desk.models import DataRequest

ROWS = (RowList("calls", DataRequest, is_copied=False),)
