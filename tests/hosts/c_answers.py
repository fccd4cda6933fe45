"""What the program in C says to cases, beside what Python says. In: a program, cases. Called by `test_c`."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cases import Case

from fupin_policy import InputError, Ruleset
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake import parse_json

OWN = {"C101", "C102", "C103"}
"""Codes with which the program refuses what Python takes."""

TWICE = "H015"
"""Python takes a fact that is named twice if one of the two says nothing (`{}`); the program does not."""


def run(command: list[str], given: bytes = b"", codes: tuple[int, ...] = (0,)) -> bytes:
    """What a command writes; it must end with one of these codes."""
    # by themselves sanitizers end a program with 1, as it ends itself where lines are refused
    watched = {**os.environ, "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99"}
    done = subprocess.run(command, input=given, capture_output=True, timeout=900, check=False, env=watched)
    assert done.returncode in codes, (command, done.stderr.decode(errors="replace")[-3000:])
    return done.stdout


def said(program: Path, cases: Iterable[Case]) -> list[tuple[Case, bytes]]:
    """What the program says to each case, a run for each date, and another with nothing assumed."""
    by_date: dict[tuple[str, bool], list[Case]] = defaultdict(list)
    for one in cases:
        by_date[one.as_of, one.assume].append(one)
    found: list[tuple[Case, bytes]] = []
    for (as_of, assume), asked_then in by_date.items():
        given = b"".join(one.text.encode("utf-8", "surrogatepass") + b"\n" for one in asked_then)
        how = [] if assume else ["--assume", "none"]
        lines = run([str(program), as_of, *how], given, codes=(0, 1)).split(b"\n")
        assert len(lines) == len(asked_then) + 1, as_of
        found += zip(asked_then, lines, strict=False)
    return found


def python(ruleset: Ruleset, asked_about: Case) -> tuple[bytes | None, set[str]]:
    """What `fupin eval --format json` writes, or the codes of what is wrong."""
    reporter = Reporter()
    household: Any = parse_json(asked_about.text.encode("utf-8", "surrogatepass"), reporter)
    try:
        reporter.raise_errors(InputError)
        evaluation = ruleset.evaluate(household, asked_about.as_of, assume=asked_about.assume)
    except InputError as error:
        return None, {one.code for one in error.diagnostics}
    return json.dumps(evaluation.as_json(), ensure_ascii=False).encode(), set()


def compare(ruleset: Ruleset, program: Path, cases: Sequence[Case]) -> int:
    """Every case is decided as by Python, or refused where Python refuses it too. How many were decided."""
    decided = 0
    for one, line in said(program, cases):
        wanted, codes = python(ruleset, one)
        problems = json.loads(line).get("problems")
        if problems is None:
            assert line == wanted, one
            decided += 1
        elif wanted is not None:
            code = problems[0]["code"]
            assert code in {*OWN, TWICE}, (problems, one)
        else:
            assert problems[0]["code"] in OWN or codes, (problems, one)
    return decided
