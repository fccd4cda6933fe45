"""Gives every reader of the library wrong inputs for some minutes: `python tests/fuzz/run.py --minutes 10 --seed 1`.

In: minutes, a seed. Out: figures for each reader, and every case that ended badly; exit code 1 if any did. Called by
people and `make fuzz`. `--case csv:17` runs one again and keeps its files; a case that was mended becomes a named test.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from fuzz_pool import SECONDS, Found, run_all
from fuzz_readers import READERS
from fuzz_worker import case_of


def main() -> int:
    """Run cases until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--reader", action="append", choices=sorted(READERS), help="only these")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="what a case may take")
    parser.add_argument("--case", metavar="READER:NUMBER", help="only this one; its files stay in ./fuzz-case")
    arguments = parser.parse_args()
    if arguments.case:
        return _one(arguments.case, arguments.seconds)
    until = time.monotonic() + 60 * arguments.minutes
    cases = _cases(arguments.reader or list(READERS), arguments.seed, until)
    found = []
    for one in run_all(cases, arguments.workers, arguments.seconds):
        found.append(one)
        if one.problem is not None:
            print(f"{one.name}  {one.seconds:.1f} s  {one.peak >> 20} MB\n{one.problem.strip()}\n", flush=True)
    print(table(found))
    return 1 if any(one.problem is not None for one in found) else 0


def _cases(readers: list[str], seed: int, until: float) -> Iterator[tuple[str, int]]:
    """The readers in turn, until it is time."""
    for number in count(seed * 1_000_000):
        for reader in readers:
            if time.monotonic() > until:
                return
            yield reader, number


def _one(name: str, seconds: float) -> int:
    reader, _, number = name.partition(":")
    folder = Path("fuzz-case")
    folder.mkdir()
    print(case_of(reader, int(number), folder.resolve()).command)
    for one in run_all([(reader, int(number))], 1, seconds):
        print(f"{one.said}\n{one.seconds:.1f} s  {one.peak >> 20} MB\n{one.problem or 'fine'}")
        return 0 if one.problem is None else 1
    return 1


def table(found: list[Found]) -> str:
    """Figures for each reader."""
    by_reader: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_reader[one.reader].append(one)
    lines = [f"{'reader':12}{'cases':>8}{'taken':>8}{'refused':>9}{'faults':>8}{'slowest s':>11}{'peak MB':>9}"]
    for reader, those in by_reader.items():
        taken = sum(one.said.startswith("0") for one in those)
        bad = sum(one.problem is not None for one in those)
        slowest, peak = max(one.seconds for one in those), max(one.peak for one in those) >> 20
        lines.append(f"{reader:12}{len(those):8}{taken:8}{len(those) - taken:9}{bad:8}{slowest:11.1f}{peak:9}")
    lines.append(f"{'all':12}{len(found):8}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
