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
                parent_field="exhibition",
                key="exhibition name",
                copy_overrides={"state": Exhibitor.State.INVITED, "outcome": None},
            ),
            RowList(
                "booths",
                Booth,
                parent_field="exhibition",
                children=(RowList("equipment", Equipment, parent_field="booth"),),
            ),
            RowList(
                "giveaways",
                Giveaway,
                parent_field="exhibition",
                copy_overrides=dict.fromkeys(("given", "left", "stated")),
            ),
        ),
        checks=(ends_after_start(),),
    ),
)
