"""One household of three members, in process: ours beside engines that pip installs and a hand-written function.

Run `python benchmarks/single.py`. All answers are compared before anything is timed. The engines take turns, round by
round; times are of the processor, and only ratios count. No household comes twice in a round, so that nothing is
remembered of it.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from peers import PEERS
from rules9_answers import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Engine, Household, prepare_python

from fupin_policy import Ruleset, load
from hosts import registry

HERE = Path(__file__).parent
AS_OF = date(2019, 6, 30)
ROUNDS, COUNT = 7, 4000
ROUND_SECONDS = 0.4
"""About how long an engine's turn is: a slow one is asked for fewer households."""
PLAIN, OURS = "ages, money in 分", "dates, 元 as text"
AMOUNTS = "amounts"


@dataclass(frozen=True, slots=True)
class Row:
    """An engine of the table: what it is given, what it gives, and the call for one of the households."""

    name: str
    given: str
    gives: str
    call: Callable[[Any], object]
    households: Sequence[Any]


def households(seed: int) -> list[Household]:
    """Households of three members, everything known; money in 分, dates as text."""
    pick = random.Random(seed)

    def member(index: int) -> dict[str, Any]:
        born = date(pick.randint(1925, 2015), pick.randint(1, 12), pick.randint(1, 28))
        age = AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))
        return {
            "id": f"m{index}",
            "born": born.isoformat(),
            "age": age,
            "allowance": pick.random() < 0.4,
            "level": pick.choice(["no_level", "no_level", "one", "two", "three"]),
            "school": pick.choice(["not_in_school", "not_in_school", "primary", "vocational", "college"]),
            "insured": pick.random() < 0.8,
            "able": pick.random() < 0.3,
            "cost": pick.choice([0, 0, pick.randint(0, 40_000_000)]),
        }

    return [
        {
            "id": f"h{number}",
            "state": pick.choice(["not_out", "out_benefiting", "out"]),
            "income": pick.randint(100_000, 1_000_000),
            "house": pick.choice("abcd"),
            "members": [member(index) for index in range(3)],
        }
        for number in range(COUNT)
    ]


def ours_form(h: Household) -> Household:
    """The same household as our engine takes it: dates of birth, and 元 as decimal text."""
    members = [{**m, "cost": yuan(m["cost"])} for m in h["members"]]
    for m in members:
        del m["age"]
    return {**h, "income": yuan(h["income"]), "members": members}


def yuan(fen: int) -> str:
    """`12345` → `123.45`."""
    return f"{fen // 100}.{fen % 100:02d}"


def ours(ruleset: Ruleset) -> Engine:
    """Our evaluation, whole decisions included."""
    return lambda h: {"evaluation": ruleset.evaluate(h, AS_OF)}


def decided(ruleset: Ruleset, found: Household) -> Answer:
    """Our decisions as the peers' numbers."""
    decisions = {decision.policy: decision for decision in ruleset.evaluate(found, AS_OF).decisions}
    answer: Answer = {}
    for rule in MEMBER_RULES:
        given = {m.member: m.amount.low for m in decisions[rule].members if m.amount is not None}
        answer[rule] = [given.get(one["id"], 0) for one in found["members"]]
    for rule in HOUSEHOLD_RULES:
        amount = decisions[rule].amount
        answer[rule] = 0 if amount is None else amount.low
    return answer


def whole(ruleset: Ruleset) -> Callable[[Household], object]:
    """Reading, deciding, and decisions with departments and clauses."""
    return lambda household: ruleset.evaluate(household, AS_OF)


def raw(ruleset: Ruleset) -> Callable[[Household], object]:
    """Reading and deciding, without the decisions in words: outcomes and amounts with two ends."""

    def found(household: Household) -> object:
        read, day = ruleset.read(household, AS_OF)
        return ruleset.findings(read, day)

    return found


def rounds_of(rows: Sequence[Row]) -> Mapping[str, tuple[float, int]]:
    """Each row's median of microseconds a household, and for how many different households it was asked in a round."""
    counts = {row.name: fitting(row) for row in rows}
    times: dict[str, list[float]] = {row.name: [] for row in rows}
    for _ in range(ROUNDS):
        for row in rows:
            times[row.name].append(microseconds(row.call, row.households[: counts[row.name]]))
    return {name: (statistics.median(taken), counts[name]) for name, taken in times.items()}


def fitting(row: Row) -> int:
    """How many households fit in a turn of this engine; its first calls warm it."""
    few = row.households[:20]
    microseconds(row.call, few)
    return min(len(row.households), max(len(few), int(ROUND_SECONDS * 1e6 / microseconds(row.call, few))))


def microseconds(call: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Processor time for one household."""
    start = time.process_time()
    for one in inputs:
        call(one)
    return (time.process_time() - start) / len(inputs) * 1e6


def printed(rows: Sequence[Row], rules: int) -> None:
    """The rows with their times; ratios are to the first."""
    found = rounds_of(rows)
    base = found[rows[0].name][0]
    head = f"{'engine':22}{'given':20}{'gives':22}{'different':>10}{'µs':>9}{'a rule':>8}{'ratio':>8}"
    print(head)
    for row in rows:
        taken, count = found[row.name]
        print(f"{row.name:22}{row.given:20}{row.gives:22}{count:10}{taken:9.1f}{taken / rules:8.2f}{taken / base:8.2f}")


def compare() -> None:
    """Ours beside every peer that is installed."""
    inputs = households(1)
    own = [ours_form(h) for h in inputs]
    ruleset, reference = load(HERE / "rules9", cache=False), prepare_python()
    for given, mine in zip(inputs, own, strict=True):
        if reference(given) != (found := decided(ruleset, mine)):
            sys.exit(f"ours differs on {mine}\n{found}\n{reference(given)}")
    rows = [
        Row("ours", OURS, "whole decisions", whole(ruleset), own),
        Row("ours, amounts alone", OURS, "statuses, amounts", raw(ruleset), own),
    ]
    for name, (package, prepare) in PEERS.items():
        try:
            label, peer = f"{name} {version(package)}" if package else name, prepare()
        except (ImportError, PackageNotFoundError):
            print(f"{name}: not installed, left out")
            continue
        same(name, peer, reference, inputs)
        rows.append(Row(label, PLAIN, AMOUNTS, peer, inputs))
    printed(rows, len(MEMBER_RULES) + len(HOUSEHOLD_RULES))


def same(name: str, peer: Engine, reference: Engine, inputs: Sequence[Household]) -> None:
    """Exits where a peer's answer is another."""
    for given in inputs:
        if peer(given) != reference(given):
            sys.exit(f"{name} differs on {given}\n{peer(given)}\n{reference(given)}")


def shipped() -> None:
    """The shipped ruleset on invented households, of which a registry knows some facts and some not."""
    ruleset = load()
    with tempfile.TemporaryDirectory() as folder:
        gaps = registry(ruleset, Path(folder))
    print(f"{len(ruleset.policies)} policies of the shipped ruleset, invented households")
    rows = [
        Row("ours", "some facts missing", "whole decisions", whole(ruleset), gaps),
        Row("ours, amounts alone", "some facts missing", "statuses, amounts", raw(ruleset), gaps),
        Row("ours, as JSON", "some facts missing", "JSON text", lambda h: ruleset.evaluate(h, AS_OF).as_json(), gaps),
        Row("ours, explained", "some facts missing", "explanations", lambda h: ruleset.explain(h, AS_OF), gaps[:50]),
    ]
    printed(rows, len(ruleset.policies))


def repeated(times: int, folder: Path) -> Path:
    """The ruleset with each of its policies written `times` times under other names."""
    for path in (HERE / "rules9").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "policies.yaml":
            head, _, body = text.partition("policies:\n")
            copies = []
            for copy in range(times):
                renamed = body
                for rule in (*MEMBER_RULES, *HOUSEHOLD_RULES):
                    renamed = renamed.replace(f"id: {rule}\n", f"id: {rule}_{copy}\n")
                    renamed = renamed.replace(f"zh: {rule}, en: {rule}}}", f"zh: {rule}_{copy}, en: {rule}_{copy}}}")
                copies.append(renamed)
            text = head + "policies:\n" + "".join(copies)
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def seconds(action: Callable[[], object]) -> float:
    """The least of a few runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def process(*command: str) -> float:
    """A whole process, the least of a few runs."""
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def grow() -> None:
    """What further rules cost."""
    own = [ours_form(h) for h in households(2)]
    before: tuple[int, float] | None = None
    for times in (1, 2, 4, 8):
        with tempfile.TemporaryDirectory() as folder:
            ruleset = load(repeated(times, Path(folder)), cache=False)
        row = Row("ours", OURS, "whole decisions", whole(ruleset), own)
        taken, _ = rounds_of([row])[row.name]
        more = "" if before is None else f"  {(taken - before[1]) / (9 * times - before[0]):.2f} µs a further rule"
        print(f"{9 * times:3} rules {taken:8.1f} µs a household{more}")
        before = (9 * times, taken)


def loading() -> None:
    """Loading the shipped ruleset, and a whole process."""
    print(f"load, compiling       {seconds(lambda: load(cache=False)):.3f} s")
    load()
    print(f"load, from the cache  {seconds(load):.3f} s")
    example = HERE.parent / "docs" / "examples"
    lesson = ("--ruleset", str(example / "lesson"), "--as-of", "2019-06-30", str(example / "household.json"))
    whole = process(sys.executable, "-m", "fupin_policy", "eval", *lesson)
    bare, runtime = (process(sys.executable, "-c", what) for what in ("pass", "import wasmtime"))
    print(f"whole `fupin eval`    {whole:.3f} s, beside `import wasmtime` {runtime:.3f} s, `pass` {bare:.3f} s")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, households of three members, median of {ROUNDS} rounds\n")
    compare()
    print()
    shipped()
    print()
    grow()
    print()
    loading()
