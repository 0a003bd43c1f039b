"""Figures of the portal beside bare Django: `./portal bench [name…]`.

Each module gives ``figures()``, and ``QUICK``: its constants in a run with ``--quick``, which shows only that it works.
Never asserted in a test: machines are noisy. A ratio is taken side by side, in one run, on one machine.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the answer: what was measured, what came out, and what it should be."""

    what: str
    value: str
    bar: str
