"""The rows of the expo in an exchange file."""

from django.utils.translation import gettext_lazy

from conference.exchange import Rows, ends_after_start
from exhibits.models import Booth, Equipment, Exhibition, Exhibitor, Giveaway

COPIED_AS = gettext_lazy("전시")
ROWS = (
    Rows(
        "exhibitions",
        Exhibition,
        key="slug",
        children=(
            Rows(
                "exhibitors",
                Exhibitor,
                up="exhibition",
                key="exhibition name",
                anew={"state": Exhibitor.State.INVITED, "outcome": None},
            ),
            Rows("booths", Booth, up="exhibition", children=(Rows("equipment", Equipment, up="booth"),)),
            Rows("giveaways", Giveaway, up="exhibition", anew=dict.fromkeys(("given", "left", "stated"))),
        ),
        checks=(ends_after_start(),),
    ),
)
