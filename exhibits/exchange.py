"""The expo's rows in the file of a conference."""

from conference.exchange import Rows, ends_after_start
from exhibits.models import Booth, Equipment, Exhibition, Exhibitor, Giveaway

ROWS = (
    Rows(
        "exhibitions",
        Exhibition,
        key="slug",
        children=(
            Rows("exhibitors", Exhibitor, up="exhibition", key="exhibition name"),
            Rows("booths", Booth, up="exhibition", children=(Rows("equipment", Equipment, up="booth"),)),
            Rows("giveaways", Giveaway, up="exhibition"),
        ),
        checks=(ends_after_start(),),
    ),
)
