"""Plain values held against the TypedDicts that describe them: what the type checker cannot see of parsed JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict


def fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Return key → (type, whether it must be there) of a TypedDict; of a generic one with its argument put in."""
    plain = get_origin(kind) or kind
    given = dict(zip(getattr(plain, "__parameters__", ()), get_args(kind), strict=True))
    found = {}
    for key, hint in get_type_hints(plain, include_extras=True).items():
        is_optional = get_origin(hint) is NotRequired or not plain.__total__
        inner = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        found[key] = (_with(inner, given), not is_optional)
    return found


def misfits(value: object, kind: Any, where: str = "") -> Iterator[str]:
    """Yield the JSON pointer of each place where the value is not of the type, with what is wrong there."""
    origin = get_origin(kind)
    if is_typeddict(origin or kind):
        yield from _misfits_of_dict(value, kind, where)
    elif origin in {Union, UnionType}:
        if not any(next(misfits(value, each), None) is None for each in get_args(kind)):
            yield f"{where} is none of its kinds"
    elif origin is Literal:
        if value not in get_args(kind):
            yield f"{where} is {value!r}"
    elif origin in {list, dict}:
        yield from _misfits_of_many(value, origin, get_args(kind)[-1], where)
    elif type(value) is not kind and kind is not object:
        yield f"{where} is a {type(value).__name__}"


def keys(kind: Any) -> set[str]:
    """Return every key that a value of the type may have, however deep."""
    if is_typeddict(get_origin(kind) or kind):
        inner = fields(kind)
        return {*inner, *(key for hint, _is_there in inner.values() for key in keys(hint))}
    return {key for each in get_args(kind) for key in keys(each)}


def schema(kind: Any) -> dict[str, Any]:
    """Return what a JSON schema says of the type: kinds of values and keys, in their order."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_typeddict(origin or kind):
        of_key = fields(kind)
        return {
            "type": ["object"],
            "properties": {key: schema(hint) for key, (hint, _is_there) in of_key.items()},
            "required": {key for key, (_hint, is_there) in of_key.items() if is_there},
        }
    if origin in {Union, UnionType}:
        (one,) = [schema(each) for each in inner if each is not NoneType]
        return one | {"type": [*one["type"], "null"]}
    if origin is list:
        return {"type": ["array"], "items": schema(inner[0])}
    return {"type": [{str: "string", int: "integer", bool: "boolean"}[kind]]}


def _misfits_of_dict(value: object, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} is no dict"
        return
    known = fields(kind)
    for key in value.keys() - known.keys():
        yield f"{where}/{key} is in no type"
    for key, (hint, is_required) in known.items():
        if key in value:
            yield from misfits(value[key], hint, f"{where}/{key}")
        elif is_required:
            yield f"{where}/{key} is missing"


def _misfits_of_many(value: Any, kind: type, inner: Any, where: str) -> Iterator[str]:
    if not isinstance(value, kind):
        yield f"{where} is no {kind.__name__}"
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from misfits(item, inner, f"{where}/{key}")


def _with(hint: Any, given: dict[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return given[hint]
    inner = getattr(hint, "__parameters__", ())
    return hint[tuple(given[each] for each in inner)] if inner else hint
