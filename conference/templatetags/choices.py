"""The text for a list without choices: what to create first, and where."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.db import models
from django.forms import BoundField, ModelChoiceField, RadioSelect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department, Organisation, User
from conference import row_addresses
from conference.permissions import permissions_for
from rows import labels

register = template.Library()
# rows of all conferences, which an administrator creates: their name, and where
SHARED_MODELS = {
    Organisation: (gettext_lazy("기관"), "organisations"),
    Department: (gettext_lazy("처리과"), "organisations"),
    User: (gettext_lazy("계정"), "accounts"),
}


@register.inclusion_tag("krds/nothing.html", takes_context=True)
def nothing_to_choose(context: dict[str, Any], bound: BoundField) -> dict[str, Any]:
    """Say what to create first if a field has no choices; draw nothing if it has some."""
    field = bound.field
    if getattr(field, "is_empty_list", False):  # sheets.references.ReferenceField
        is_own = field.model is bound.form._meta.model
        return {} if is_own else make_first_context(context, field.model)
    if not isinstance(field, ModelChoiceField):
        return {}
    is_group = isinstance(field.widget, RadioSelect)  # a group of radio buttons
    is_empty = not bound.subwidgets if is_group else not field.queryset.exists()
    return make_first_context(context, field.queryset.model) if is_empty else {}


@register.inclusion_tag("krds/nothing.html", takes_context=True)
def make_first(context: dict[str, Any], label: str) -> dict[str, Any]:
    """Say it for a list that a template draws itself. ``label``: the model's label, ``conference.district``."""
    return make_first_context(context, apps.get_model(label))


def make_first_context(context: dict[str, Any], model: type[models.Model]) -> dict[str, Any]:
    """Return the context of krds/nothing.html; it has a link only for a person who may create such a row.

    Context: request, conference; a form that crispy's filter draws has neither (``{% include "krds/field.html" %}`` has).
    """
    request, conference = context["request"], context.get("conference")
    if model in SHARED_MODELS:
        name, page = SHARED_MODELS[model]
        link = reverse(page) if request.user.is_admin else ""
        whom = _("시스템 관리자에게 등록을 부탁하십시오.")
    else:
        sheet, name = labels.row_kinds()[model._meta.label_lower]
        permissions = getattr(request, "permissions", None) or permissions_for(request.user, conference)
        link = row_addresses.table_address(sheet, conference) if permissions.can_edit_all else ""
        whom = _("총괄이나 담당에게 등록을 부탁하십시오.")
    return {"name": name, "link": link, "whom": whom}
