"""Check of unique fields for a whole table, so that two lines may exchange their names in one save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, UniqueConstraint, Value
from django.db.models.functions import Cast, Concat

from sheets.row_form import RowForm

FieldNames = Sequence[str]  # fields that are unique together


def check(forms: Iterable[RowForm], unchanged: QuerySet[Any]) -> None:
    """Add an error to each valid form that duplicates another row. ``unchanged``: the rows that stay as they are."""
    forms = [form for form in forms if form.is_valid()]
    for rule in _unique_rules(forms):
        taken = {*unchanged.values_list(*(_attname(unchanged.model, name) for name in rule))}
        for form in forms:
            key = tuple(_stored_value(form.instance, name) for name in rule)
            if key in taken:
                form.add_duplicate_error(rule)
            taken.add(key)


def park_old_values(forms: Sequence[RowForm]) -> None:
    """Give rows that will be renamed temporary values, so that each name is free for the row that gets it.

    Until the transaction ends, a foreign key may name a row that does not exist.
    """
    for rule in _unique_rules(forms):
        stored = [form.instance.pk for form in forms if not form.is_new and set(rule) & set(form.changed_data)]
        if not stored or len(forms) == 1:
            continue
        rows, field = type(forms[0].instance)._default_manager, forms[0].instance._meta.get_field(rule[-1])
        passing = -F("pk") if field.is_relation else Concat(Value("~"), Cast("pk", CharField()))
        rows.filter(pk__in=stored).update(**{field.attname: passing})


def _unique_rules(forms: Sequence[RowForm]) -> list[FieldNames]:
    if not forms:
        return []
    meta, asked = forms[0].instance._meta, {*forms[0].fields, *forms[0].preset}
    rules = [(field.name,) for field in meta.concrete_fields if field.unique and not field.primary_key]
    rules += [rule.fields for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    return [rule for rule in rules if asked & {*rule}]


def _attname(model: type[Model], name: str) -> str:
    return model._meta.get_field(name).attname


def _stored_value(row: Model, name: str) -> Any:
    """Return the stored value of a field; a related row that is not saved yet equals no other."""
    related = getattr(row, name, None) if row._meta.get_field(name).is_relation else None
    is_fresh = related is not None and related._state.adding
    return f"new {id(related)}" if is_fresh else getattr(row, _attname(type(row), name))
