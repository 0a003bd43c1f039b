"""References to rows by name, looked up in one conference: a form cannot name a row of another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Department, User
from conference.exchange.row_lists import path_to_conference
from conference.models import Conference, Person
from rows.grouping import group_by
from sheets.cells import CellField, without_spaces
from sheets.fast_widgets import FastTextSelect

LIST_MAX = 30  # names that a list to choose from may have; more are typed
WORD = re.compile(r"\S+")
SUGGESTIONS_MAX = 5  # names in the error for an ambiguous name


class NameIndex:
    """The rows of one model by name; if two rows share a name, a longer name tells them apart."""

    def __init__(self, rows: Iterable[Any]) -> None:
        rows = list(rows)
        short = group_by(rows, lambda row: without_spaces(str(row)))
        long = group_by(rows, lambda row: without_spaces(_full_name(row)))
        self._names = {row.pk: str(row) for row in rows}
        for same in short.values():
            if len(same) > 1:
                self._names |= {row.pk: _full_name(row) for row in same}
        namesakes = [row for same in long.values() if len(same) > 1 for row in same]
        models.prefetch_related_objects(namesakes, *getattr(next(iter(namesakes), None), "LONGEST_WITH", ()))
        for same in group_by(namesakes, lambda row: without_spaces(_longest(row))).values():
            number = " (#{})" if len(same) > 1 else ""
            self._names |= {row.pk: _longest(row) + number.format(row.pk) for row in same}
        self._rows = {self._names[row.pk]: row for row in rows}
        self._ambiguous = {name: same for name, same in {**long, **short}.items() if len(same) > 1}
        self._by_name = {name: same[0] for name, same in long.items() if len(same) == 1}
        self._by_name |= {without_spaces(name): row for name, row in self._rows.items()}

    @property
    def names(self) -> list[str]:
        """Every name, in the order of the rows."""
        return list(self._rows)

    def name(self, row: Any) -> str:
        """Return the name of a row, or of its primary key."""
        pk = getattr(row, "pk", row)
        return self._names.get(pk, "" if pk is None else str(row))

    @property
    def choices(self) -> list[tuple[Any, str]]:
        """(primary key, name) of every row, for a list to choose from."""
        return [(row.pk, name) for name, row in self._rows.items()]

    @property
    def rows(self) -> list[Any]:
        """Every row, in order."""
        return list(self._rows.values())

    def find(self, text: str) -> Any:
        """Return the one row of that name, or None."""
        return self._by_name.get(without_spaces(text))

    def read(self, text: str) -> Any:
        """Return the row of that name, or None. Raises ValidationError if two have it."""
        row = self.find(text)
        if not row and (same := self._ambiguous.get(without_spaces(text))):
            raise self._ambiguous_error(text, same)
        return row

    def read_by_word_start(self, text: str) -> Any:
        """Return the only row whose name, or a part of it from a later word on, begins with the text; a full match comes first.

        Returns None if there is none. Raises ValidationError if there are several.
        """
        typed = without_spaces(text)
        endings = {name: [without_spaces(name[at:]) for at in _word_starts(name)] for name in self._rows}
        whole = [name for name, ends in endings.items() if typed in ends]
        return self._single_row(
            text, whole or [name for name, ends in endings.items() if any(one.startswith(typed) for one in ends)]
        )

    def read_by_first_words(self, text: str) -> Any:
        """Return the only row whose name begins with these whole words, as ``성명`` of ``성명 직급``; otherwise as above."""
        typed = without_spaces(text)
        starts = {name: {without_spaces(name[: word.end()]) for word in WORD.finditer(name)} for name in self._rows}
        return self._single_row(text, [name for name, beginnings in starts.items() if typed in beginnings])

    def _single_row(self, text: str, names: list[str]) -> Any:
        if len(names) > 1:
            raise self._ambiguous_error(text, [self._rows[name] for name in names])
        return self._rows[names[0]] if names else None

    def _ambiguous_error(self, text: str, rows: list[Any]) -> ValidationError:
        names = ", ".join(self.name(row) for row in rows[:SUGGESTIONS_MAX])
        more = _(" 외 %(count)d건") % {"count": len(rows) - SUGGESTIONS_MAX} if rows[SUGGESTIONS_MAX:] else ""
        message = _("‘%(text)s’이(가) 여럿입니다. 다음 가운데 하나로 적어 주세요: %(names)s")
        return ValidationError(message % {"text": text, "names": names + more})

    def suggest_similar(self, text: str) -> str:
        """Return a text with similar names."""
        similar = get_close_matches(text, self.names, n=3, cutoff=0.5)
        return _(" 혹시: %(names)s") % {"names": ", ".join(similar)} if similar else ""

    def add(self, row: Any) -> None:
        """Let later cells of the page find a row that is not saved yet; a stored row of that name comes first."""
        for name in (_full_name(row), str(row)):
            if without_spaces(name) not in self._ambiguous:
                self._by_name.setdefault(without_spaces(name), row)


def _word_starts(name: str) -> Iterator[int]:
    return (word.start() for word in WORD.finditer(name))


def _full_name(row: Any) -> str:
    return row.full_name() if hasattr(row, "full_name") else str(row)


def _longest(row: Any) -> str:
    return row.longest_name() if hasattr(row, "longest_name") else _full_name(row)


class ReferenceIndex:
    """The rows that forms of one conference may name: one query for each model, at the first look-up."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self._indexes: dict[type[models.Model], NameIndex] = {}
        self.datalist_models: set[type[models.Model]] = set()  # models whose names are typed, with a datalist

    def index_of(self, model: type[models.Model]) -> NameIndex:
        """Return the index of the conference's rows; rows of the accounts level belong to all conferences."""
        if model not in self._indexes:
            related = getattr(model, "NAMED_WITH", (None,))  # without a name Django would join all relations
            rows = model._default_manager.select_related(*related)
            if model is User:
                rows = rows.filter(is_active=True, is_admin=False).order_by("name", "username")
            elif path := path_to_conference(model):
                rows = rows.filter(**{path: self.conference})
            # rows without an order come in the order of creation: PostgreSQL would return them in any order
            self._indexes[model] = NameIndex(rows if rows.ordered else rows.order_by("pk"))
        return self._indexes[model]

    def datalists(self) -> Iterator[tuple[str, list[str]]]:
        """Yield (id, names) of every datalist that inputs of the page use."""
        for model in sorted(self.datalist_models, key=_list_id):
            yield _list_id(model), self.index_of(model).names


def _list_id(model: type[models.Model]) -> str:
    return f"names-{model._meta.model_name}"


# how to read an incomplete name: a department without its organisation, an account without 직급
SHORT_NAME_READERS = {Department: NameIndex.read_by_word_start, User: NameIndex.read_by_first_words}


class ReferenceField(CellField):
    """A row, by its name."""

    def __init__(self, *, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model
        self.references: ReferenceIndex | None = None

    @property
    def known(self) -> ReferenceIndex:
        """The rows that may be named. Raises ValueError before ``bind``."""
        if self.references is None:
            raise ValueError(self.label)
        return self.references

    def bind(self, references: ReferenceIndex) -> None:
        """Offer rows of that conference: as a list to choose from if they are few, else as a datalist."""
        self.references = references
        texts = references.index_of(self.model).names
        if len(texts) <= LIST_MAX and not isinstance(self, MultiReferenceField | PersonField):
            self.widget = FastTextSelect(["", *texts], self.widget.attrs)
        else:
            references.datalist_models.add(self.model)
            self.widget.attrs["list"] = _list_id(self.model)

    @property
    def is_empty_list(self) -> bool:
        """Whether it is a list that has nothing to choose."""
        return isinstance(self.widget, FastTextSelect) and not any(self.widget.texts)

    def show(self, value: Any) -> str:
        return "" if value is None else self.known.index_of(self.model).name(value)

    def read(self, text: str) -> Any:
        index = self.known.index_of(self.model)
        row = index.read(text)
        if row is None and self.model in SHORT_NAME_READERS:
            row = SHORT_NAME_READERS[self.model](index, text)
        if row is None:
            values = {"text": text, "near": index.suggest_similar(text)}
            raise ValidationError(
                _("‘%(text)s’은(는) 이 행사에 없습니다. 먼저 등록하거나 이름을 확인해 주세요.%(near)s") % values
            )
        return row


PERSON = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<of>.*)\))?\s*\Z", re.DOTALL)


def read_person(text: str, references: ReferenceIndex) -> Person:
    """Return the person named ``성명`` or ``성명(소속 직위)``; an unknown person is created but not saved.

    The last word in brackets is the 직위, the words before it are the 소속.
    """
    index = references.index_of(Person)
    if known := index.read(text):
        return known
    parts = PERSON.match(text)
    if not parts:
        raise ValidationError(_("‘성명’ 또는 ‘성명(소속 직위)’처럼 적어 주세요."))
    affiliation, _space, job = (parts["of"] or "").strip().rpartition(" ")
    person = Person(conference=references.conference, name=parts["name"], affiliation=affiliation.strip(), job=job)
    try:
        person.clean_fields(exclude=["conference"])
    except ValidationError as error:
        raise ValidationError(error.messages) from error
    index.add(person)
    return person


class PersonField(ReferenceField):
    """A person by name; an unknown name makes a new person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"model": Person})

    def read(self, text: str) -> Person:
        return read_person(text, self.known)


OUTSIDE_BRACKETS = re.compile(r"[,\n]\s*(?![^()]*\))")


class MultiReferenceField(ReferenceField):
    """Several rows, by their names with commas between."""

    empty: Any = ()

    def show(self, value: Any) -> str:
        index = self.known.index_of(self.model)
        return ", ".join(index.name(row) for row in value or [])

    def read(self, text: str) -> list[Any]:
        rows = [self.read_one(part.strip()) for part in OUTSIDE_BRACKETS.split(text) if part.strip()]
        return list(dict.fromkeys(rows))

    def read_one(self, text: str) -> Any:
        """Return one of the rows."""
        return super().read(text)


class MultiPersonField(MultiReferenceField):
    """Several persons; an unknown name makes a new person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"model": Person})

    def read(self, text: str) -> list[Person]:
        parts = [part.strip() for part in OUTSIDE_BRACKETS.split(text) if part.strip()]
        persons = [read_person(part, self.known) for part in parts]
        return list({id(person): person for person in persons}.values())  # a new person has no key to compare by
