"""mypy with a baseline: ``type_baseline.txt`` says how many errors a file may still have. The numbers only become smaller.

``python -m launcher.type_check --shrink`` stores the numbers that have become smaller.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from launcher import PYTHON, ROOT

BASELINE = Path(__file__).with_name("type_baseline.txt")


def main(*options: str) -> int:
    """Run mypy. Return 1 if a file has more or fewer errors than the baseline says."""
    done = subprocess.run([PYTHON, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    if done.returncode > 1:  # for example a syntax error: mypy did not check the other files
        print(done.stdout + done.stderr)
        return 1
    numbers, allowed = count(errors), read()
    if "--shrink" in options:
        write({name: min(numbers[name], number) for name, number in allowed.items()})
        allowed = read()
    for line in [line for line in errors if numbers[_file(line)] > allowed.get(_file(line), 0)]:
        print(line)
    fewer = [name for name, number in allowed.items() if numbers[name] < number]
    if fewer:
        print(f"fewer errors than the baseline says: {PYTHON} -m launcher.type_check --shrink", *fewer, sep="\n")
    return int(bool(fewer) or any(number > allowed.get(name, 0) for name, number in numbers.items()))


def count(errors: list[str]) -> Counter[str]:
    """Return the number of errors of each file."""
    return Counter(map(_file, errors))


def read() -> dict[str, int]:
    """Return the number of errors that each file may have."""
    lines = (line.split() for line in BASELINE.read_text("utf-8").splitlines())
    return {name: int(number) for number, name in lines}


def write(allowed: Mapping[str, int]) -> None:
    """Write the baseline, without the files that have no errors."""
    lines = [f"{number} {name}\n" for name, number in sorted(allowed.items()) if number]
    BASELINE.write_text("".join(lines), "utf-8")


def _file(error: str) -> str:
    return error.partition(":")[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
