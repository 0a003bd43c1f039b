"""The rows of the expo in an exchange file."""

from django.utils.translation import gettext_lazy

from conference.exchange import RowList, ends_after_start
from exhibits.models import Booth, Equipment, Exhibition, Exhibitor, Giveaway

COPIED_AS = gettext_lazy("전시")
ROWS = (
    RowList(
        "exhibitions",
        Exhibition,
        key="slug",
        children=(
            RowList(
                "exhibitors",
                Exhibitor,
                up="exhibition",
                key="exhibition name",
                anew={"state": Exhibitor.State.INVITED, "outcome": None},
            ),
            RowList("booths", Booth, up="exhibition", children=(RowList("equipment", Equipment, up="booth"),)),
            RowList("giveaways", Giveaway, up="exhibition", anew=dict.fromkeys(("given", "left", "stated"))),
        ),
        checks=(ends_after_start(),),
    ),
)
