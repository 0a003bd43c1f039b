"""What the rows of the exhibition are called on screen, and which sheet holds them."""

from django.utils.translation import gettext_lazy as _

# model → name of its sheet ("": no table of its own), name on screen
ROWS = {
    "exhibits.exhibition": ("exhibitions", _("전시")),
    "exhibits.exhibitor": ("exhibitors", _("참여 기업·단체")),
    "exhibits.booth": ("booths", _("부스")),
    "exhibits.equipment": ("equipment", _("장비")),
    "exhibits.giveaway": ("giveaways", _("배부 물품")),
}
