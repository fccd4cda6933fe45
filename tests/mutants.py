"""Does a test notice when the code is wrong? Changes one thing at a time, and runs the tests nearest to it.

A mutant is one small change of meaning: an operator, a comparison, a constant, a branch. They are drawn from the syntax
trees of `mutant_rooms` by a seed and a hash of each, so that a run can be repeated, and its draw stays when other code
changes. Each is tried in a copy of the project, with a cache of its own and a time limit: by the files of tests that
name its module, then by the other ones of its room, the quick ones first, as far as these take two minutes in all. One
that changes no behaviour stands in `mutants_equivalent.txt` with the reason.

    python tests/mutants.py [--count 200] [--seed 1] [--room check] [--jobs 2] [--only ID]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from mutant_bench import Bench, Outcome
from mutant_changes import Mutant, mutants_of
from mutant_rooms import LEFT_OUT, ROOMS, ROOT, Room

EQUIVALENT = Path(__file__).parent / "mutants_equivalent.txt"


def every_mutant(room: Room) -> list[Mutant]:
    """All mutants of a room, in the order of files and lines."""
    files = [
        one
        for place in room.code
        for one in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    kept = [one for one in sorted(files) if not one.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]
    unique = {(m.path, m.start, m.after): m for one in kept for m in mutants_of(room, one)}
    return sorted(unique.values(), key=lambda m: (m.path, m.start, m.after))


def draw(rooms: tuple[Room, ...], count: int, seed: int) -> list[Mutant]:
    """`count` mutants, shared among the rooms by what each holds, at least ten each."""
    held = {room: every_mutant(room) for room in rooms}
    total = sum(len(some) for some in held.values())

    def chance(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.id}".encode()).hexdigest()

    return [
        mutant
        for some in held.values()
        for mutant in sorted(some, key=chance)[: max(10, round(count * len(some) / total))]
    ]


def equivalent() -> dict[str, str]:
    """Mutants shown to change no behaviour, with the reason; two lines each, the second indented."""
    reasons: dict[str, str] = {}
    name = ""
    for line in EQUIVALENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            reasons[name] = f"{reasons.get(name, '')} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            name = line
    return reasons


def run(mutants: list[Mutant], jobs: int, until: float) -> list[tuple[Mutant, Outcome]]:
    """Every mutant's outcome, `jobs` at a time; those not begun at the moment `until` have none."""
    with tempfile.TemporaryDirectory(prefix="mutants") as place:
        benches: Queue[Bench] = Queue()
        for number in range(jobs):
            benches.put(Bench(Path(place) / str(number)))
        first = benches.get()
        seconds = first.seconds({mutant.room for mutant in mutants}, jobs)
        print(f"{len(seconds)} files of tests pass; they take {sum(seconds.values()):.0f} s", flush=True)
        benches.put(first)

        def one(mutant: Mutant) -> tuple[Mutant, Outcome] | None:
            if time.monotonic() > until:
                return None
            bench = benches.get()
            try:
                outcome = bench.outcome(mutant, seconds)
            finally:
                benches.put(bench)
            print(f"{outcome:9}  {mutant.path}:{mutant.line}  {mutant.before} -> {mutant.after}", flush=True)
            return mutant, outcome

        with ThreadPoolExecutor(jobs) as pool:
            return [found for found in pool.map(one, mutants) if found is not None]


def report(outcomes: list[tuple[Mutant, Outcome]]) -> str:
    """How many of each outcome, room by room, and the survivors' lines."""
    known = equivalent()
    rows = ["", f"{'room':12} {'drawn':>6} {'killed':>7} {'timed out':>10} {'equivalent':>11} {'survived':>9}"]
    survivors = [(m, known.get(m.id)) for m, outcome in outcomes if outcome == "survived"]
    for name in [*dict.fromkeys(m.room.name for m, _ in outcomes), "all"]:
        here = [(m, o) for m, o in outcomes if name in (m.room.name, "all")]
        counted = Counter(o for _, o in here)
        same = sum(1 for m, o in here if o == "survived" and m.id in known)
        row = (len(here), counted["killed"], counted["timed out"], same, counted["survived"] - same)
        rows.append("{:12} {:6} {:7} {:10} {:11} {:9}".format(name, *row))
    caught = sum(1 for _, o in outcomes if o != "survived")
    judged = len(outcomes) - sum(1 for _, reason in survivors if reason)
    rows.append(f"\nnoticed: {caught} of {judged} that change behaviour, {100 * caught / max(1, judged):.1f} %")
    rows += [f"survived: {m.path}:{m.line}\n{m.id}" for m, reason in survivors if reason is None]
    rows += [f"equivalent: {m.id}\n    {reason}" for m, reason in survivors if reason is not None]
    return "\n".join(rows)


def main() -> None:
    """Draw, run, report; exit 1 where fewer than 95 % of those that change behaviour were noticed."""
    parser = argparse.ArgumentParser(description="changes one thing at a time, and sees whether a test notices")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", choices=[room.name for room in ROOMS])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", help="one mutant, or those whose id has this text")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="begin no further mutant after these")
    parser.add_argument("--list", action="store_true", help="show what would be run")
    asked = parser.parse_args()
    rooms = tuple(room for room in ROOMS if asked.room in (None, room.name))
    mutants = (
        [m for room in rooms for m in every_mutant(room) if asked.only in m.id]
        if asked.only
        else draw(rooms, asked.count, asked.seed)
    )
    if asked.list:
        print("\n".join(f"{m.line:4}  {m.id}" for m in mutants))
        return
    random.Random(asked.seed).shuffle(mutants)  # so that a run cut short has some of every room
    outcomes = run(mutants, asked.jobs, time.monotonic() + 60 * asked.minutes)
    print(report(outcomes))
    if len(outcomes) < len(mutants):
        print(f"not tried, as the time was up: {len(mutants) - len(outcomes)} of {len(mutants)}")
    survived = [m for m, outcome in outcomes if outcome == "survived" and m.id not in equivalent()]
    if len(survived) > 0.05 * len(outcomes):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
