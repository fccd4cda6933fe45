"""Runs cases one after the other in a process of its own, whose memory is limited, for one who watches the time.

In: lines `reader number` on the standard input. Out: a line of JSON for each. Called by `fuzz_pool`.
A case is made of its reader's name and its number, and so the same in each run.
"""

from __future__ import annotations

import faulthandler
import gc
import io
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fuzz_case import SECRET, Case
from fuzz_readers import READERS

MAX_MEMORY = 1 << 30
"""Bytes that a case may hold."""

MAX_DATA = 4 * MAX_MEMORY
"""Bytes that the process may ask for, as libraries ask for much that they never touch."""


def case_of(reader: str, number: int, folder: Path) -> Case:
    """A case with its files written into an empty folder."""
    return READERS[reader](folder, Random(f"{reader} {number}"))


def judge(case: Case) -> tuple[str | None, str]:
    """What is wrong with how a case ends, or None; and the exit code with the first words of what was said."""
    from fupin_policy.cli.main import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    sys.stdin = io.TextIOWrapper(io.BytesIO(case.given), encoding="utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(case.command)
    except SystemExit as error:
        code = int(error.code or 0)
    except BaseException:
        return traceback.format_exc(), "exception"
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))
    said = f"{code} {(texts[0] + texts[1])[:200]}"
    if code not in (0, 1, 2):
        return f"exit code {code}", said
    if code and not texts[0].strip() and not texts[1].strip():
        return f"exit code {code} without a word", said
    if SECRET in texts[0] + texts[1]:
        return "a password is shown", said
    if any(char in texts[0] + texts[1] for char in "\x1b\x07\u202e"):
        return f"a control sign is shown: {texts}", said
    try:
        return case.holds(code, texts[0]), said
    except Exception:
        return f"{traceback.format_exc()}\n{texts}", said


def peak() -> int:
    """The most bytes that this process held at a time since it was last asked."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5")
    return int(found) * 1024


def run(reader: str, number: int) -> dict[str, Any]:
    """One case, in a folder of its own that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fupin-fuzz-"))
    before = os.getcwd()
    try:
        case = case_of(reader, number, folder)
        os.chdir(folder)
        gc.collect()
        peak()
        started = time.monotonic()
        problem, said = judge(case)
        seconds, most = time.monotonic() - started, peak()
        if problem is None and most > MAX_MEMORY:
            problem = f"{most >> 20} MB"
        return {"problem": problem, "said": said, "seconds": seconds, "peak": most}
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Cases until the standard input ends."""
    from fupin_policy import ruleset

    resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA,) * 2)
    loaded = cache(ruleset.load)  # rulesets of the cases are in folders of their own

    def load(
        path: str | Path | None = None,
        *,
        cache: bool = True,
        settings: Sequence[str] = (),
        open_readings: Sequence[str] = (),
    ) -> ruleset.Ruleset:
        return loaded(path, cache=cache, settings=tuple(settings), open_readings=tuple(open_readings))

    ruleset.load = load
    faulthandler.enable()
    lines, answers, sys.stdout = sys.stdin, sys.stdout, sys.stderr
    for line in lines:
        reader, number, seconds = line.split()
        faulthandler.dump_traceback_later(float(seconds) * 0.9)
        found = run(reader, int(number))
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
