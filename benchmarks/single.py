"""One household of three members, in process: ours beside engines that pip installs and a hand-written function.

Run `python benchmarks/single.py`. All answers are compared before anything is timed; only ratios count.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from peers import HOUSEHOLD_RULES, MEMBER_RULES, PEERS, Answer, Engine, Household, prepare_python

from fupin_policy import Ruleset, load

HERE = Path(__file__).parent
AS_OF = date(2019, 6, 30)
ROUNDS, COUNT = 7, 100


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


def answer_of(found: Answer, ids: Sequence[str]) -> Answer:
    """Our decisions as the peers' numbers."""
    decisions = {decision.policy: decision for decision in found["evaluation"].decisions}
    answer: Answer = {}
    for rule in MEMBER_RULES:
        given = {m.member: m.amount.low for m in decisions[rule].members}
        answer[rule] = [given.get(one, 0) for one in ids]
    for rule in HOUSEHOLD_RULES:
        amount = decisions[rule].amount
        answer[rule] = 0 if amount is None else amount.low
    return answer


def microseconds(engine: Engine, inputs: Sequence[Household]) -> float:
    """Median over rounds of the time for one household."""
    for one in inputs[:10]:
        engine(one)
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for one in inputs:
            engine(one)
        rounds.append((time.perf_counter() - start) / len(inputs) * 1e6)
    return statistics.median(rounds)


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


def compare() -> None:
    """Ours beside every peer that is installed."""
    inputs = households(1)
    own = [ours_form(h) for h in inputs]
    ruleset = load(HERE / "rules9", cache=False)
    reference, engine = prepare_python(), ours(ruleset)
    for given, mine in zip(inputs, own, strict=True):
        wanted, found = reference(given), answer_of(engine(mine), [m["id"] for m in given["members"]])
        if wanted != found:
            sys.exit(f"ours differs on {mine}\n{found}\n{wanted}")
    base = microseconds(engine, own)
    print(f"{'engine':24}{'µs a household':>16}{'µs a rule':>12}{'ratio to ours':>16}")
    print(f"{'fupin_policy':24}{base:16.1f}{base / 9:12.1f}{1:16.2f}")
    for name, (package, prepare) in PEERS.items():
        try:
            label = f"{name} {version(package)}" if package else name
            peer = prepare()
        except (ImportError, PackageNotFoundError):
            print(f"{name}: not installed, left out")
            continue
        for given in inputs:
            if peer(given) != reference(given):
                sys.exit(f"{name} differs on {given}\n{peer(given)}\n{reference(given)}")
        taken = microseconds(peer, inputs)
        print(f"{label:24}{taken:16.1f}{taken / 9:12.1f}{taken / base:16.2f}")


def grow() -> None:
    """What further rules cost."""
    own = [ours_form(h) for h in households(2)]
    before: tuple[int, float] | None = None
    for times in (1, 2, 4, 8):
        with tempfile.TemporaryDirectory() as folder:
            taken = microseconds(ours(load(repeated(times, Path(folder)), cache=False)), own)
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
    bare = process(sys.executable, "-c", "pass")
    print(f"whole `fupin eval`    {whole:.3f} s, beside `python -c pass` {bare:.3f} s")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, {COUNT} households of three members, median of {ROUNDS} rounds\n")
    compare()
    print()
    grow()
    print()
    loading()
