"""A year of monthly runs over an invented registry in which people are born and die, and incomes change.

`python benchmarks/year.py [HOUSEHOLDS]` (100000). Each run goes on from the one before; it fails where the lists of
changes of a month do not add up to the difference of the totals. Prints how long each run took.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from random import Random

import duckdb

from fupin_policy import load
from fupin_policy.batch.run import Job, run

RULES = Path(__file__).parents[1] / "docs" / "examples" / "phase_out"
MONTHS = [f"2021-{month:02}-28" for month in range(1, 13)]
TOTALS = """
    SELECT policy, sum(CASE WHEN status = 'eligible' THEN coalesce(amount_min, 0) ELSE 0 END)
    FROM read_parquet('{file}') WHERE status = 'ineligible' OR amount_min IS NOT DISTINCT FROM amount_max GROUP BY ALL
"""
CHANGES = """
    SELECT policy, sum(CASE WHEN {now} THEN coalesce(amount_min, 0) ELSE 0 END)
        - sum(CASE WHEN {before} THEN coalesce(amount_min_before, 0) ELSE 0 END)
    FROM read_parquet('{file}') GROUP BY ALL
"""
SETTLED = "status{0} = 'eligible' AND amount_min{0} IS NOT DISTINCT FROM amount_max{0}"

Household = tuple[str, list[str]]
"""An income, blank where nobody knows it, and the ids of the members."""


def income(random: Random) -> str:
    """One in a hundred is not known."""
    return "" if random.random() < 0.01 else str(random.randrange(1500))


def later(registry: dict[str, Household], random: Random) -> dict[str, Household]:
    """A month later."""
    found = {}
    for name, (money, members) in registry.items():
        kept = [one for one in members if random.random() > 0.001]
        if random.random() < 0.001:
            kept.append(f"n{random.randrange(10**12)}")
        if kept:
            found[name] = (income(random) if random.random() < 0.05 else money, kept)
    for _ in range(len(registry) // 1000):
        found[f"k{random.randrange(10**12)}"] = (income(random), ["m1"])
    return found


def write(folder: Path, registry: dict[str, Household], first: bool) -> tuple[str, str]:
    """The two tables; in the first month nobody was in the phase-out before."""
    more, blank = (",上期享受低保,上期渐退,上期渐退起始日", ",否,否,无") if first else ("", "")
    own, inner = folder / "households.csv", folder / "members.csv"
    rows = [f"{name},{money}{blank}" for name, (money, _) in registry.items()]
    own.write_text("\n".join([f"户编号,人均月收入{more}", *rows]) + "\n", encoding="utf-8")
    people = [f"{name},{member}" for name, (_, members) in registry.items() for member in members]
    inner.write_text("\n".join(["户编号,人编号", *people]) + "\n", encoding="utf-8")
    return str(own), str(inner)


def sums(query: str) -> dict[str, int]:
    """By policy, without those that are nothing."""
    with duckdb.connect() as connection:
        return {policy: int(total) for policy, total in connection.execute(query).fetchall() if total}


def main(count: int) -> None:
    """Twelve runs."""
    random, ruleset = Random(0), load(RULES)
    registry = {f"h{at}": (income(random), [f"m{one}" for one in range(random.randint(1, 4))]) for at in range(count)}
    before: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for month, day in enumerate(MONTHS):
            tables, result = write(folder, registry, month == 0), folder / f"{day}.parquet"
            started = time.monotonic()
            last = folder / f"{MONTHS[month - 1]}.parquet" if month else None
            report = run(Job(ruleset, *tables, day, result, previous=last))
            seconds, totals = time.monotonic() - started, sums(TOTALS.format(file=result))
            if report.changes is not None:
                tests = {"now": SETTLED.format(""), "before": SETTLED.format("_before")}
                added = sums(CHANGES.format(file=report.changes / "changes.parquet", **tests))
                policies = {*totals, *before}
                differences = {one: totals.get(one, 0) - before.get(one, 0) for one in policies}
                if {one: value for one, value in differences.items() if value} != added:
                    raise SystemExit(f"{day}: changes come to {added}, totals differ by {differences}")
            print(day, report.counts.households, dict(report.counts.changes), f"{seconds:.1f} s", flush=True)
            before, registry = totals, later(registry, random)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
