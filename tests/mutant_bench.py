"""Where mutants are tried: a copy of the project, and its tests run there within a time.

In: a mutant. Out: its outcome. Called by `mutants`.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from mutant_changes import Mutant
from mutant_rooms import ROOT, Room

COPIED: tuple[str, ...] = (
    "fupin_policy",
    "grammar",
    "policies",
    "hosts",
    "docs",
    "tests",
    "benchmarks",
    "pyproject.toml",
)
COPIED += ("README.md", "README.zh.md", "CHANGELOG.md", "Makefile")

# Limits are of processor time, so that a busy machine judges as a quiet one does; a wait may take WAITING times that.
WAITING = 5
FAR_SECONDS = 120.0
"""How long the files that do not name a mutant's module may take together; a survivor would cost ten minutes else."""
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)

Outcome = Literal["killed", "timed out", "survived"]


class Bench:
    """A copy of the project, in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                ignore = shutil.ignore_patterns("node_modules", "__pycache__", "_build")
                shutil.copytree(source, folder / name, ignore=ignore)
            elif source.exists():
                shutil.copy(source, folder / name)
        for name in ("fupin_policy", "tests"):  # compiled once: a changed file is newer, and is read again
            compileall.compile_dir(folder / name, quiet=2)

    def tests_pass(self, tests: Sequence[str], limit: float, *options: str) -> bool | None:
        """Whether these tests pass; None when the time (seconds of the processor) was up."""
        with tempfile.TemporaryDirectory() as cache:
            environment = os.environ | {
                "PYTHONPATH": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "XDG_CACHE_HOME": cache,
            }
            words = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", *options]
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *words, *tests],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 5))
            try:
                code = process.wait(WAITING * limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
                return None
            return None if code in OUT_OF_TIME else code == 0

    def files(self, room: Room) -> list[str]:
        """The files of a room's tests, nearest first."""
        places = [self.folder / test for test in room.tests]
        found = [[place] if place.is_file() else sorted(place.rglob("test_*.py")) for place in places]
        return [file.relative_to(self.folder).as_posix() for files in found for file in files]

    def seconds(self, rooms: set[Room], jobs: int) -> dict[str, float]:
        """What each file of tests takes of a processor, nothing wrong in it; ends the program where one fails."""
        wanted = sorted({file for room in rooms for file in self.files(room)})
        told = self.folder / "passed.xml"
        options = ("-n", str(jobs), "--dist", "loadfile", f"--junitxml={told}", "-o", "junit_family=xunit1")
        before = _spent()
        if self.tests_pass(wanted, 3600, *options) is not True:
            raise SystemExit(f"the tests do not pass without any change: {', '.join(failing(told)) or 'no time left'}")
        taken = dict.fromkeys(wanted, 0.0)
        for case in ElementTree.parse(told).iter("testcase"):
            taken[case.get("file", "")] += float(case.get("time", 0))
        # a busy machine makes waiting of it, which is nobody's work
        share = min(1.0, (_spent() - before) / max(1.0, sum(taken.values())))
        return {file: seconds * share for file, seconds in taken.items()}

    def nearest(self, mutant: Mutant, seconds: dict[str, float]) -> list[list[str]]:
        """The files that name the module, and the others, the quick ones first."""
        name, module = Path(mutant.path).stem.removesuffix("s"), mutant.path.removesuffix(".py").replace("/", ".")
        near: list[str] = []
        far: list[str] = []
        for file in sorted(self.files(mutant.room), key=seconds.__getitem__):
            named = name in Path(file).stem or module in (self.folder / file).read_text(encoding="utf-8")
            (near if named else far).append(file)
        taken = accumulate(seconds[file] for file in far)
        quick = [file for file, total in zip(far, taken, strict=True) if total <= FAR_SECONDS]
        return [group for group in (near, quick) if group]

    def outcome(self, mutant: Mutant, seconds: dict[str, float]) -> Outcome:
        """What becomes of a mutant. Tests may take three times what they take when nothing is wrong."""
        file = self.folder / mutant.path
        original = file.read_bytes()
        file.write_bytes(original[: mutant.start] + mutant.after.encode() + original[mutant.end :])
        try:
            for tests in self.nearest(mutant, seconds):
                match self.tests_pass(tests, 30 + 3 * sum(seconds[test] for test in tests)):
                    case None:
                        return "timed out"
                    case False:
                        return "killed"
            return "survived"
        finally:
            file.write_bytes(original)


def _spent() -> float:
    """Seconds of the processor that programs begun here, and ended, have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def failing(told: Path) -> list[str]:
    """The files of tests in which something failed, as a run's junit file tells; none where the run told nothing."""
    cases = ElementTree.parse(told).iter("testcase") if told.exists() else ()
    wrong = (case for case in cases if case.find("failure") is not None or case.find("error") is not None)
    return sorted({case.get("file", "") for case in wrong})
