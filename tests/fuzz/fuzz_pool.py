"""Worker processes that are ended and made anew where a case takes too long or kills them.

In: cases by reader and number. Out: a `Found` for each. Called by `run` and `test_fuzz`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

SECONDS = 30.0
"""What a case may take, on a machine that has other things to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a case. `problem` is None where all is as it should be."""

    reader: str
    number: int
    problem: str | None
    said: str
    seconds: float
    peak: int

    @property
    def name(self) -> str:
        """What `run.py --case` takes."""
        return f"{self.reader}:{self.number}"


class Worker:
    """A process that runs one case at a time."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process is
        # a process group of its own, so that what it started ends with it
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fuzz_worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )

    def run(self, reader: str, number: int, seconds: float = SECONDS) -> Found:
        """A case's end, if need be by force; then the worker is of no more use."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{reader} {number} {seconds}\n".encode())
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        line = self._process.stdout.readline() if ready else b""
        if line:
            return Found(reader, number, **json.loads(line))
        problem = f"no end after {seconds:.0f} s" if not ready else f"died: {self._process.wait()}"
        self._errors.seek(0)
        stack = self._errors.read()[-3000:].decode(errors="replace")
        self.close()
        return Found(reader, number, f"{problem}\n{stack}", "", seconds, 0)

    def close(self) -> None:
        """End the process and whatever it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        self._errors.close()

    @property
    def alive(self) -> bool:
        """Whether it can take another case."""
        return self._process.poll() is None


def run_all(cases: Iterable[tuple[str, int]], workers: int, seconds: float = SECONDS) -> Iterator[Found]:
    """Every case's end, as they come; so many cases at a time."""
    waiting, found = iter(cases), SimpleQueue[Any]()

    def work() -> None:
        worker = Worker()
        try:
            while (case := next_case()) is not None:
                worker = worker if worker.alive else Worker()
                found.put(worker.run(*case, seconds))
        finally:
            worker.close()
            found.put(None)

    lock = Lock()

    def next_case() -> tuple[str, int] | None:
        with lock:
            return next(waiting, None)

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(work) for _ in range(workers)]
        for _ in futures:
            yield from iter(found.get, None)
        for future in futures:
            future.result()
