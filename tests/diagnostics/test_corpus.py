"""Every case says what is expected of it, no more and no less; and every code of the library has a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import HERE, Case, codes, every, told
from outside import Outside
from outside_answers import ANSWERS
from outside_rules import RULES
from outside_runs import RUNS
from outside_service import SERVICE

from fupin_policy.diagnostics.messages import table

EVERY = list(every())
OUTSIDE = {one.code: one for one in (*RULES, *RUNS, *ANSWERS, *SERVICE)}
WITHOUT = HERE / "without_case.txt"


@pytest.mark.parametrize(("file", "case"), EVERY, ids=[f"{file}: {case.name}" for file, case in EVERY])
def test_what_is_said_stands_beside_its_line(file: str, case: Case) -> None:
    assert "\n".join(told(case)) == "\n".join(case.written)


@pytest.mark.parametrize("code", OUTSIDE)
def test_what_no_file_can_provoke(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: Outside = OUTSIDE[code]
    (found,) = wanted.how(tmp_path, monkeypatch)
    said = [text.replace(f"{tmp_path}/", "") for text in (found.place, found.sentence("zh"), found.sentence("en"))]
    assert [found.code, *said] == [code, wanted.place, wanted.zh, wanted.en]


def test_a_case_has_a_name_of_its_own() -> None:
    names = [(file, case.name) for file, case in EVERY]
    assert len(names) == len(set(names))


def test_no_command_ends_in_a_traceback() -> None:
    """`--update` writes down whatever happens, a traceback too; that is never what is expected."""
    assert [(file, case.name) for file, case in EVERY if any("exit never" in line for line in case.written)] == []


def test_every_code_has_a_case() -> None:
    """`without_case.txt` holds the codes that still wait for one; a new code comes with its case, or a line there."""
    provoked = {code for _, case in EVERY for code in codes(case.written)} | set(OUTSIDE)
    waiting = {line for line in WITHOUT.read_text(encoding="utf-8").split() if line}
    assert sorted(set(table()) - provoked) == sorted(waiting)
