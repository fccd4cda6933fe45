"""The program in C, made of a ruleset, and what it says to cases, beside what Python says.

In: a ruleset, cases. Out: a program, answers. Called by `test_c`, `test_c_lists`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from cases import Case
from text_files import write_files

from fupin_policy import InputError, Ruleset
from fupin_policy.c_library import c_library
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake import parse_json

WHOLE = os.environ.get("FUPIN_HOSTS") == "whole"
"""Set by `make test-hosts`."""

STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
QUICK = "-O1" if WHOLE else "-O0"
WATCHED = ["-O0", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

OWN = {"C101", "C102", "C103"}
"""Codes with which the program refuses what Python takes."""

TWICE = "H015"
"""Python takes a fact that is named twice if one of the two says nothing (`{}`); the program does not."""


def built(folder: Path, ruleset: Ruleset, *options: str, source: Path | None = None) -> Path:
    """A program of a ruleset's library, made in a folder, and another source: `decide.c` if none is named."""
    write_files(folder, c_library(ruleset.compile()))
    library = next(path for path in folder.glob("*.c") if path.name != "decide.c")
    program = folder / "program"
    gcc = ["gcc", *STRICT, *(options or (QUICK,)), "-I", str(folder)]
    run([*gcc, "-c", str(library), "-o", str(folder / "library.o")])
    run([*gcc, str(source or folder / "decide.c"), str(folder / "library.o"), "-o", str(program)])
    return program


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


def mistyped(lines: list[bytes], count: int, chance: Random, as_of: str = "2019-06-30") -> list[Case]:
    """Valid lines with some bytes changed, left out, doubled or brought from elsewhere."""
    pieces = [
        b'"',
        b"\\",
        b"\\u12",
        b"\\ud83d\\ude00",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"1e9",
        b"-0",
        b"null",
        b"\x00",
        b"\xe5",
        b"\xef\xbc\x91",
    ]
    found = []
    for _ in range(count):
        line = bytearray(chance.choice(lines))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(line))
            piece = chance.choice(
                [chance.choice(pieces), bytes([chance.randrange(256)]), b"", bytes(line[at : at + 9])]
            )
            line[at : at + chance.randint(0, 3)] = piece
        # a line that ends early is two lines, of which Python knows nothing
        found.append(bytes(line).replace(b"\n", b" ").replace(b"\r", b" ") + b" ")
    return [Case(one.decode("utf-8", "surrogateescape"), as_of) for one in found if one.strip()]


def answers_to_mistyped(ruleset: Ruleset, program: Path, cases: Sequence[Case]) -> int:
    """Every line is read as Python reads it, or refused, where Python refuses it too. How many were decided."""
    raw = [one.text.encode("utf-8", "surrogateescape") for one in cases]
    as_of = cases[0].as_of
    found = run([str(program), as_of], b"\n".join(raw), codes=(0, 1)).split(b"\n")
    assert len(found) == len(cases) + 1
    decided = 0
    for text, line in zip(raw, found, strict=False):
        reporter = Reporter()
        household: Any = parse_json(text, reporter)
        try:
            reporter.raise_errors(InputError)
            wanted = json.dumps(ruleset.evaluate(household, as_of).as_json(), ensure_ascii=False).encode()
        except InputError:
            wanted = None
        problems = json.loads(line).get("problems")
        assert line == wanted if problems is None else wanted is None or problems[0]["code"] in {*OWN, TWICE}, text
        decided += problems is None
    return decided
