"""The program that looks for untested code changes what it says, and its table names modules and tests that exist."""

from pathlib import Path

import pytest

from tests import mutation

MODULE = '''"""Not changed: what is only said."""
LIMIT = 3

@decorated(True)
def chosen(rows: list[int | None], *, all_of=False) -> int:
    """Nor this."""
    log.info(1)
    if rows and not all_of:
        rows.sort(key="-number")
    name = min(row for row in rows if row.is_open)
    row.count = 0 <= name
    return rows.filter(name + LIMIT)
'''
CHANGES = """2: 3 → 4
2: 3 → 2
5: False → True
8: rows and (not all_of) → rows or not all_of
8: not all_of → all_of
9: rows.sort(key='-number') → pass
9: '-number' → 'number'
10: min → max
10: row.is_open → not row.is_open
11: row.count = 0 <= name → pass
11: 0 <= name → 0 < name
11: 0 → 1
11: 0 → -1
12: return rows.filter(name + LIMIT) → return None
12: rows.filter → rows.exclude
12: name + LIMIT → name - LIMIT"""


def test_every_change_of_a_module() -> None:
    found = [str(mutant) for mutant in mutation.mutants(Path("a.py"), MODULE)]
    assert found == [f"a.py:{change}" for change in CHANGES.splitlines()]


def test_each_change_is_made_alone() -> None:
    sources = [mutant.source() for mutant in mutation.mutants(Path("a.py"), MODULE)]
    assert len(set(sources)) == len(CHANGES.splitlines())
    assert ("LIMIT = 4\n" in sources[0], "LIMIT = 2\n" in sources[1], "LIMIT = 3\n" in sources[2]) == (True, True, True)
    assert [source.count("return rows.filter(name + LIMIT)") for source in sources] == [1] * 13 + [0] * 3


@pytest.mark.parametrize("key", mutation.SUBJECTS, ids="".join)
def test_the_table_names_what_exists(key: tuple[str, str]) -> None:
    assert mutation.find_module(*key).name == key[0]
    assert all(mutation.find_test(name).as_posix().endswith(name) for name in mutation.SUBJECTS[key])


def test_what_does_not_exist_is_named() -> None:
    with pytest.raises(SystemExit, match=r"chain.py with never\(\) should be one file, found: \[\]"):
        mutation.find_module("chain.py", "never")
    with pytest.raises(SystemExit, match=r"test_departures.py should be one file, found: "):
        mutation.find_test("test_departures.py")


def test_each_change_is_tried_in_the_copy_which_is_then_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "a.py").write_text(MODULE, "utf-8")
    tried = []

    def outcome(place: Path, _tests: list[str], **_seconds: float) -> str:
        tried.append((place / "a.py").read_text("utf-8"))
        return "survived" if tried[-1] == MODULE or "LIMIT = 4" in tried[-1] else "killed"

    monkeypatch.setattr(mutation, "outcome", outcome)
    chosen = list(mutation.mutants(Path("a.py"), MODULE))[:3]
    assert mutation.judge(tmp_path, chosen, ["tests/test_a.py"]) == {"survived": 1, "killed": 2}
    assert tried == [MODULE, *(mutant.source() for mutant in chosen)]
    assert (tmp_path / "a.py").read_text("utf-8") == MODULE
    assert capsys.readouterr().out == "survived: a.py:2: 3 → 4\n"
