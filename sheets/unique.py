"""Names that two rows may not share, told of a table as a whole: two lines may trade their names in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, UniqueConstraint, Value
from django.db.models.functions import Cast, Concat

from sheets.row_form import RowForm

Rule = Sequence[str]  # names of the fields that no two rows share all of


def tell(forms: Iterable[RowForm], others: QuerySet[Any]) -> None:
    """Put an error at each valid form that would be another row's twin; ``others``: the rows that stay as they are."""
    forms = [form for form in forms if form.is_valid()]
    for rule in _rules(forms):
        taken = {*others.values_list(*(_column(others.model, name) for name in rule))}
        for form in forms:
            key = tuple(_value(form.instance, name) for name in rule)
            if key in taken:
                form.refuse_twin(rule)
            taken.add(key)


def make_way(forms: Sequence[RowForm]) -> None:
    """Give rows that are to be renamed passing values: each name is free when its new owner is saved.

    A foreign key may point nowhere until the transaction ends.
    """
    for rule in _rules(forms):
        stored = [form.instance.pk for form in forms if not form.is_new and set(rule) & set(form.changed_data)]
        if not stored or len(forms) == 1:
            continue
        rows, field = type(forms[0].instance)._default_manager, forms[0].instance._meta.get_field(rule[-1])
        passing = -F("pk") if field.is_relation else Concat(Value("~"), Cast("pk", CharField()))
        rows.filter(pk__in=stored).update(**{field.attname: passing})


def _rules(forms: Sequence[RowForm]) -> list[Rule]:
    if not forms:
        return []
    meta, asked = forms[0].instance._meta, {*forms[0].fields, *forms[0].preset}
    rules = [(field.name,) for field in meta.concrete_fields if field.unique and not field.primary_key]
    rules += [rule.fields for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    return [rule for rule in rules if asked & {*rule}]


def _column(model: type[Model], name: str) -> str:
    return model._meta.get_field(name).attname


def _value(row: Model, name: str) -> Any:
    """Return what is stored of a field; a row that is still to be made is like no other."""
    found = getattr(row, name, None) if row._meta.get_field(name).is_relation else None
    is_fresh = found is not None and found._state.adding
    return f"new {id(found)}" if is_fresh else getattr(row, _column(type(row), name))
