"""`./portal bench [name…]`: load the example into a folder of its own, measure, print a line a figure."""

import io
import os
import sys
from importlib import import_module

import django
from django.core.management import call_command

GROUPS = {"programme": ("serving", "fresh", "feeds", "visit")}  # every figure of the public pages in one run
NAMES = (*GROUPS["programme"], "paper", "desk", "importing", "pictures")


def main(chosen: list[str]) -> None:
    unknown = [name for name in chosen if name not in {*NAMES, *GROUPS}]
    if unknown:
        raise SystemExit(f"bench: {', '.join(unknown)}? ({', '.join([*GROUPS, *NAMES])})")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
    django.setup()
    call_command("prepare", example=True, stdout=io.StringIO())
    for name in [part for asked in chosen or NAMES for part in GROUPS.get(asked, [asked])]:
        for figure in import_module(f"bench.{name}").figures():
            print(f"{figure.what}: {figure.value}  (기준 {figure.bar})", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
