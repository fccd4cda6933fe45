"""The rules as a C library beside Python, on the same invented households, one at a time.

Run `python benchmarks/hosts_c.py`, with gcc and wasm2c. All answers are compared before anything is timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa

from fupin_policy import Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.c_library import c_library
from hosts import AS_OF, COUNT, ROUNDS, Household, Seconds, median, registry

HERE = Path(__file__).parent

MANY, MANY_MISSING = "many at once, from Arrow to Arrow", "many at once, with what is missing"
FROM_AND_TO = "one after the other, from and to JSON"
FILES = "a whole process, from file to file"


def in_c(ruleset: Ruleset, households: list[Household], folder: Path) -> Seconds:
    """What the library takes for each of its parts, and a whole process from file to file."""
    for name, text in c_library(ruleset.compile()).items():
        (folder / name).write_text(text, encoding="utf-8")
    gcc = ["gcc", "-std=c11", "-O2", "-I", str(folder)]
    library, decide, timed = folder / "anqiu.o", folder / "decide", folder / "timed"
    subprocess.run([*gcc, "-c", str(folder / "anqiu.c"), "-o", str(library)], check=True)
    subprocess.run([*gcc, str(folder / "decide.c"), str(library), "-o", str(decide)], check=True)
    subprocess.run([*gcc, str(HERE / "hosts_c.c"), str(library), "-o", str(timed)], check=True)
    given = lines(households).encode()
    said = subprocess.run([str(decide), AS_OF], input=given, check=True, capture_output=True).stdout.decode()
    assert said.splitlines() == [dumped(ruleset, one) for one in households]
    found = subprocess.run(
        [str(timed), AS_OF, str(ROUNDS)], input=given, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    parts = [line.partition(" ") for line in found.stderr.decode().splitlines()]
    taken = {what: float(nanoseconds) * len(households) / 1e9 for nanoseconds, _, what in parts}
    return {**taken, FILES: process([str(decide), AS_OF], given)}


def in_python(ruleset: Ruleset, households: list[Household], folder: Path) -> Seconds:
    """The same in Python."""
    given = folder / "households.jsonl"
    texts = lines(households).splitlines()
    given.write_text(lines(households), encoding="utf-8")
    command = [sys.executable, "-m", "fupin_policy", "eval", "--format", "json", "--as-of", AS_OF, str(given)]
    batch, evaluator, missing = arrow(households), BatchEvaluator(ruleset), BatchRequest(missing=True)
    return {
        MANY: median(lambda: evaluator.evaluate_batch(batch, AS_OF)),
        MANY_MISSING: median(lambda: evaluator.evaluate_batch(batch, AS_OF, missing)),
        "evaluate, from a mapping": median(lambda: [ruleset.evaluate(one, AS_OF) for one in households]),
        FROM_AND_TO: median(lambda: [dumped(ruleset, json.loads(one)) for one in texts]),
        FILES: process(command, b""),
    }


def arrow(households: list[Household]) -> pa.RecordBatch:
    """The households as a record batch of texts."""
    own = dict.fromkeys(key for one in households for key in one if key != "members")
    inner = dict.fromkeys(key for one in households for member in one["members"] for key in member)
    members = pa.list_(pa.struct([(key, pa.string()) for key in inner]))
    schema = pa.schema([*((key, pa.string()) for key in own), ("members", members)])
    return pa.RecordBatch.from_pylist([dict(one) for one in households], schema=schema)


def process(command: list[str], given: bytes) -> float:
    """A whole process; what it writes is thrown away."""
    return median(lambda: subprocess.run(command, input=given, check=True, stdout=subprocess.DEVNULL))


def lines(households: list[Household]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in households)


def dumped(ruleset: Ruleset, household: Household) -> str:
    """A household's decisions as a line of JSON."""
    return json.dumps(ruleset.evaluate(household, AS_OF).as_json(), ensure_ascii=False)


def main() -> None:
    ruleset = load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        households = registry(ruleset, folder)
        ours, python = in_c(ruleset, households, folder), in_python(ruleset, households, folder)
    members = sum(len(one["members"]) for one in households)
    print(f"{COUNT} households, {members} members, {len(ruleset.policies)} policies, median of {ROUNDS}\n")
    print(f"{'µs a household':52}{'C':>10}{'Python':>10}{'ratio':>8}")
    for what in (*ours, *(what for what in python if what not in ours)):
        both = [found.get(what) for found in (ours, python)]
        shown = ["-" if taken is None else f"{taken / COUNT * 1e6:.1f}" for taken in both]
        ratio = "-" if None in both else f"{python[what] / ours[what]:.0f}"
        print(f"{what:52}{shown[0]:>10}{shown[1]:>10}{ratio:>8}")


if __name__ == "__main__":
    main()
