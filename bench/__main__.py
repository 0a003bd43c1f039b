"""`./portal bench [--quick] [name…]`: load the example into a folder of its own, measure, print a line a figure."""

import io
import os
import sys
from importlib import import_module

import django
from django.core.management import call_command

GROUPS = {"programme": ("serving", "fresh", "feeds", "visit")}  # every figure of the public pages in one run
NAMES = (*GROUPS["programme"], "paper", "desk", "importing", "pictures", "memory", "slow")


def main(asked: list[str]) -> None:
    chosen = [name for name in asked if name != "--quick"]
    unknown = [name for name in chosen if name not in {*NAMES, *GROUPS}]
    if unknown:
        raise SystemExit(f"bench: {', '.join(unknown)}? ({', '.join([*GROUPS, *NAMES])})")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("prepare", example=True, stdout=io.StringIO())
    for part in [part for name in chosen or NAMES for part in GROUPS.get(name, [name])]:
        module = import_module(f"bench.{part}")
        if "--quick" in asked:
            vars(module).update(module.QUICK)
        for figure in module.figures():
            print(f"{figure.what}: {figure.value}  (기준 {figure.bar})", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
