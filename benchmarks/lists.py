"""A list of ten bills beside ten members of as many facts: the same rules, the same values, processor time of each.

Run `python benchmarks/lists.py`. Both give the same answers before anything is timed; only the ratio counts. `module`
is the household written into memory, decided and read back; `evaluate` reads it from what is given, too, and makes
decisions.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fupin_policy import Ruleset, load

DAY, MANY, COUNT, ROUNDS = "2019-06-30", 10, 200, 7
FILES = {
    "ruleset": """\
kind: ruleset
id: lists
title: {zh: 明细, en: Lists}
covers: 2019-01-01..2019-12-31
members: 1..10
units: [{name: yuan, label: 元, money: CNY, decimals: 2}]
""",
    "departments": "kind: departments\ndepartments: [{id: d, names: [{valid: .., zh: 某局, en: Bureau}]}]\n",
    "sources": "kind: sources\nsources: [{id: s, number: S, title: {zh: 来源, en: Source}, issued: 2018-01-01}]\n",
}
FACTS = [
    "cost, label: 费用, type: number, unit: 元, decimals: 2, range: 0..100000",
    "paid, label: 已报销, type: truth",
    "on, label: 日期, type: date, past: true",
]
VALUES = [
    "合计({of}：费用, 非 已报销)",
    "个数({of}：日期 >= 2019-01-01 且 费用 > 100元) × 10元",
    "最大({of}：费用, 已报销 否则 0元)",
    "若 有({of}：费用 > 5000元) 则 90元 否则 30元",
]


def rules(folder: Path, of: str) -> Ruleset:
    """Rules about members, or about a list of bills."""
    level = "member" if of == "成员" else "bills"
    facts = "".join(f"  - {{name: {text}, for: {level}}}\n" for text in FACTS)
    lists = "" if level == "member" else f"lists: [{{name: bills, label: 账单, of: household, most: {MANY}}}]\n"
    policies = "".join(
        f"  - id: p.n{at}\n    title: {{zh: 政策{at}, en: Policy {at}}}\n    for: household\n    versions:\n"
        f"      - {{valid: .., when: 是, benefit: {{kind: cash, amount: '{value.format(of=of)}', per: month}},"
        " lead: [某局], basis: [s]}\n"
        for at, value in enumerate(VALUES)
    )
    texts = {
        **FILES,
        "facts": f"kind: facts\n{lists}facts:\n{facts}",
        "policies": f"kind: policies\npolicies:\n{policies}",
    }
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder, cache=False)


def items(pick: random.Random) -> list[dict[str, Any]]:
    """Ten bills, or what ten members have."""
    return [
        {
            "cost": f"{pick.randint(0, 900_000) / 100:.2f}",
            "paid": pick.random() < 0.4,
            "on": f"20{pick.randint(15, 18)}-0{pick.randint(1, 9)}-1{pick.randint(0, 9)}",
        }
        for _ in range(MANY)
    ]


def best(work: Callable[[Any], object], given: list[Any]) -> float:
    """Least processor microseconds a household."""
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for one in given:
            work(one)
        found.append(time.process_time() - started)
    return min(found) / len(given) * 1e6


def decided(ruleset: Ruleset) -> Callable[[Any], object]:
    """The module's part, of a household that is read already."""
    return lambda read: ruleset.findings(*read)


def evaluated(ruleset: Ruleset) -> Callable[[Any], object]:
    """All of it, of a household as it is given."""
    return lambda given: ruleset.evaluate(given, DAY)


def main() -> None:
    """Print both times, and how the second relates to the first."""
    pick = random.Random(14)
    drawn = [items(pick) for _ in range(COUNT)]
    people = [{"id": "h", "members": [{"id": f"m{at}", **one} for at, one in enumerate(some)]} for some in drawn]
    bills = [{"id": "h", "members": [{"id": "m"}], "bills": some} for some in drawn]
    with tempfile.TemporaryDirectory() as folder:
        both = [(rules(Path(folder, "members"), "成员"), people), (rules(Path(folder, "bills"), "账单"), bills)]
    told = [[[one.amount for one in ruleset.evaluate(h, DAY).decisions] for h in given] for ruleset, given in both]
    assert told[0] == told[1]
    times: list[tuple[float, float]] = []
    for ruleset, given in both:
        module = best(decided(ruleset), [ruleset.read(one, DAY) for one in given])
        whole = best(evaluated(ruleset), given)
        times.append((module, whole))
    print(f"{MANY} of three facts, {len(VALUES)} rules    module    evaluate   µs of a processor, a household")
    for name, (module, whole) in zip(("members", "bills of a list"), times, strict=True):
        print(f"{name:<27}{module:>9.1f}{whole:>12.1f}")
    print(f"{'ratio':<27}{times[1][0] / times[0][0]:>9.2f}{times[1][1] / times[0][1]:>12.2f}")


if __name__ == "__main__":
    main()
