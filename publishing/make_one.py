"""The program of the child process that generates one heavy file, named by its work and key (``publishing.heavy``)."""

from __future__ import annotations

import os
import sys


def main(name: str, key: str) -> None:
    """Generate the file. Django is imported only here, because the limits hold for it too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from publishing import heavy

    heavy.works()[name].generate(key)


if __name__ == "__main__":
    main(*sys.argv[1:])
