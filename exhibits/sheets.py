"""Sheets of the expo, and who may edit their rows: a topic office those of its district."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conference.permissions import ConferencePermissions
from exhibits import forms
from exhibits.models import Exhibitor, Giveaway
from sheets.declaration import Sheet


def can_edit_row_of_district(permissions: ConferencePermissions, row: Exhibitor | Giveaway) -> bool:
    """Whether the person may edit an exhibitor or giveaway: a topic office those of its district."""
    return permissions.can_edit_all or row.district_id in permissions.districts


def has_district(permissions: ConferencePermissions) -> bool:
    """Whether the person may add exhibitors and giveaways; the form checks for which district."""
    return permissions.can_edit_all or bool(permissions.districts)


SHEETS = (
    Sheet(
        "exhibitions",
        _("전시"),
        "exhibits",
        forms.ExhibitionForm,
        "name slug starts_at ends_at room participants_text content",
        child_sheets=("exhibitors", "booths", "giveaways"),
        wide=frozenset({"name", "participants_text", "content"}),
    ),
    Sheet(
        "exhibitors",
        _("참여 기업·단체"),
        "exhibits",
        forms.ExhibitorForm,
        "exhibition name short_name kind district state",
        parent_field="exhibition",
        filter_fields=("district",),
        can_edit=can_edit_row_of_district,
        can_add=has_district,
        wide=frozenset({"name"}),
    ),
    Sheet(
        "booths",
        _("부스"),
        "exhibits",
        forms.BoothForm,
        "exhibition number zone size exhibitor",
        parent_field="exhibition",
        child_sheets=("equipment",),
        related=("exhibition",),
    ),
    Sheet("equipment", _("장비"), "exhibits", forms.EquipmentForm, "booth item quantity", parent_field="booth"),
    Sheet(
        "giveaways",
        _("배부 물품"),
        "exhibits",
        forms.GiveawayForm,
        "exhibition district name planned given left stated is_approximate per_item",
        parent_field="exhibition",
        filter_fields=("district",),
        can_edit=can_edit_row_of_district,
        can_add=has_district,
        wide=frozenset({"name"}),
    ),
)
