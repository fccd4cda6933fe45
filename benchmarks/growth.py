"""How `explain`, `check` and modules grow: against policies, terms, members, unknown names, breakpoints, versions.

Run as a program; `make growth`. In: nothing, the rulesets are written for it. Out: a table, with the ratio per
doubling: 2 is linear. Times are of the processor, so that what else runs matters less. The best of a few rounds counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any

from fupin_policy import Ruleset, RulesetError, load
from fupin_policy.ruleset import check_folder

FILES = {
    "ruleset": """\
kind: ruleset
id: growth
title: {zh: 增长, en: Growth}
covers: 2006-01-01..2025-12-31
members: 0..100
units: [{name: yuan, label: 元, money: CNY, decimals: 2}]
""",
    "sources": "kind: sources\nsources: [{id: s, number: S, title: {zh: 来源, en: Source}, issued: 2009-01-01}]\n",
    "departments": "kind: departments\ndepartments: [{id: d, names: [{valid: .., zh: 某局, en: Bureau}]}]\n",
}
FLAGS, DEEP = 12, 25
FACTS = (
    "kind: facts\nfacts:\n"
    + "".join(f"  - {{name: own{at}, label: 户项{at}, for: household, type: truth}}\n" for at in range(FLAGS))
    + "".join(f"  - {{name: person{at}, label: 人项{at}, for: member, type: truth}}\n" for at in range(FLAGS))
    + "  - {name: income, label: 收入, for: household, type: number, unit: 元, range: 0..1000000}\n"
    + "  - {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}\n"
)
DAY = "2019-06-30"


def policies(count: int, limit: str = "5000元") -> str:
    """Half of them for members: a few facts each, an age or an income."""
    text = "kind: policies\npolicies:\n"
    for at in range(count):
        own, person, level = at % FLAGS, (at * 5) % FLAGS, ("household", "member")[at % 2]
        when = (
            f"(户项{own} 或 人项{person}) 且 人项{(at * 7 + 1) % FLAGS} 且 周岁数(出生日期) >= {16 + at % 60}"
            if at % 2
            else f"(户项{own} 或 户项{(own + 3) % FLAGS}) 且 收入 < {limit} 且 有成员满足(人项{person})"
        )
        text += (
            f"  - {{id: p.n{at}, title: {{zh: 政策{at}, en: Policy {at}}}, for: {level}, versions: [{{valid: .., "
            f"when: '{when}', benefit: {{kind: cash, amount: {10 + at}元, per: month}}, lead: [某局], basis: [s]}}]}}\n"
        )
    return text


def chains(count: int) -> str:
    """Terms each of which names the next one twice, in rows that end after so many."""
    text = "kind: terms\nterms:\n"
    for at in range(count):
        value = "own0 且 own1" if (at + 1) % DEEP == 0 else f"x{at + 1} 且 (x{at + 1} 或 own0)"
        text += f"  - {{name: x{at}, label: 术语{at}, for: household, value: '{value}'}}\n"
    return text


def on_all_chains(count: int) -> str:
    """One policy that rests on all of these terms."""
    when = " 且 ".join(f"x{at}" for at in range(0, count, DEEP))
    return policies(0) + (
        f"  - {{id: p.x, title: {{zh: 政策, en: Policy}}, for: household, versions: [{{valid: .., when: '{when}', "
        "benefit: {kind: service}, lead: [某局], basis: [s]}]}\n"
    )


def unknown(count: int) -> str:
    """Terms that each name a fact that is not there."""
    return "kind: terms\nterms:\n" + "".join(
        f"  - {{name: x{at}, label: 术语{at}, for: household, value: ownn{at}}}\n" for at in range(count)
    )


def dated(count: int) -> str:
    """A parameter with so many values, one a month."""
    months = [f"{2010 + at // 12}-{at % 12 + 1:02d}" for at in range(count)]
    values = "".join(
        f"      - {{valid: {month}-01..{month}-28, value: {4000 + at}, status: example, source: s}}\n"
        for at, month in enumerate(months)
    )
    return (
        "kind: parameters\nparameters:\n  - name: line\n    label: 线\n    unit: 元\n    range: 0..9000\n    values:\n"
        + values
    )


def versions(count: int, each: int = 10) -> str:
    """So many policies, each with versions that begin on days of their own and say something else."""
    random = Random(1)
    text = "kind: policies\npolicies:\n"
    for at in range(count):
        level = ("household", "member", "member")[at % 3]
        edges = [0, *sorted(random.sample(range(1, DAYS), each - 1)), DAYS]
        text += f"  - {{id: p.n{at}, title: {{zh: 政策{at}, en: Policy {at}}}, for: {level}, versions: ["
        text += ", ".join(_version(random, level, *days) for days in pairwise(edges)) + "]}\n"
    return text


DAYS = 7305
"""Days that the ruleset covers."""


def _version(random: Random, level: str, first: int, end: int) -> str:
    """A version of a policy from one day up to another, counted from the first that the ruleset covers."""
    own = [f"户项{random.randrange(FLAGS)}", f"收入 < {random.randint(1, 99)}00元"]
    person = [f"人项{random.randrange(FLAGS)}", f"周岁数(出生日期) >= {random.randint(16, 75)}"]
    if level == "household":
        person = [f"有成员满足({one})" for one in person]
    parts = random.sample([*own, *person, f"户项{random.randrange(FLAGS)}"], 3)
    amount = random.choice([f"{random.randint(10, 900)}元", f"收入 * {random.randint(1, 9)}% 四舍五入到 0.01元"])
    begins, ends = (date(2006, 1, 1) + timedelta(day) for day in (first, end - 1))
    return (
        f"{{valid: {begins}..{ends}, when: '{parts[0]} 且 ({parts[1]} 或 {parts[2]})', "
        f"benefit: {{kind: cash, amount: '{amount}', per: month}}, lead: [某局], basis: [s]}}"
    )


def yearly(years: int) -> str:
    """Ten parameters, each with another value in each of the last years that are covered."""
    text = "kind: parameters\nparameters:\n"
    for at in range(10):
        text += f"  - {{name: line{at}, label: 线{at}, unit: 元, range: 0..9000, values: ["
        for year in range(2026 - years, 2026):
            begins = "" if year == 2026 - years else f"{year}-01-01"
            value = 3000 + 100 * at + year % 100
            text += f"{{valid: {begins}..{year}-12-31, value: {value}, status: example, source: s}}, "
        text += "]}\n"
    return text


def household(members: int) -> dict[str, Any]:
    """A household of which some things are known."""
    people = [
        {
            "id": f"m{number}",
            "birth": f"{1930 + number * 7 % 80}-05-01" if number % 3 else "1970",
            **{f"person{at}": (number + at) % 3 > 0 for at in range(FLAGS) if (number * at) % 4 != 1},
        }
        for number in range(members)
    ]
    own = {f"own{at}": at % 3 > 0 for at in range(FLAGS) if at % 5 != 1}
    return {"id": "h", "income": 5200, **own, "members": people}


def written(folder: Path, **parts: str) -> Path:
    """A folder with these files beside those that each ruleset has."""
    for name, text in {**FILES, "facts": FACTS, "policies": policies(2), **parts}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def seconds(run: Callable[[], object], rounds: int) -> float:
    """The least processor time of a few rounds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken)


def checked(folder: Path) -> None:
    """A ruleset checked, whatever is found."""
    try:
        check_folder(folder)
    except RulesetError as error:
        assert error.diagnostics


def explained(ruleset: Ruleset, members: int) -> Callable[[], object]:
    """One household explained; a first time before it is timed, as the rules are prepared once."""
    given = household(members)
    ruleset.explain(given, DAY)
    return lambda: ruleset.explain(given, DAY)


def measure(rounds: int, doublings: int) -> Iterable[tuple[str, list[tuple[int, float]]]]:
    """Each row's name, and its times by size."""

    def sizes(first: int) -> list[int]:
        return [first << at for at in range(doublings)]

    def row(first: int, parts: Callable[[int], dict[str, str]], members: int | None, fixed: bool = False) -> Any:
        found = []
        for size in sizes(first):
            with TemporaryDirectory() as name:
                folder = written(Path(name), **parts(size))
                if members is None:
                    found.append((size, seconds(partial(checked, folder), rounds)))
                else:
                    ruleset = load(folder, cache=False)
                    run = explained(ruleset, size if fixed else members)
                    found.append((size, seconds(run, rounds)))
        return found

    dates = {"policies": policies(20, "参数.线")}
    yield "explain, policies", row(75, lambda size: {"policies": policies(size)}, 3)
    yield "explain, terms in chains", row(50, lambda size: {"terms": chains(size), "policies": on_all_chains(size)}, 3)
    yield "explain, members (60 policies)", row(10, lambda _: {"policies": policies(60)}, 0, True)
    yield "explain, breakpoints", row(24, lambda size: {"parameters": dated(size), **dates}, 3)
    yield "check, policies", row(75, lambda size: {"policies": policies(size)}, None)
    yield "check, terms in chains", row(50, lambda size: {"terms": chains(size), "policies": on_all_chains(size)}, None)
    yield "check, unknown names", row(500, lambda size: {"terms": unknown(size)}, None)
    yield "check, breakpoints", row(24, lambda size: {"parameters": dated(size), **dates}, None)


def compiled(name: str, parts: dict[str, str]) -> str:
    """What it takes to load a ruleset that was never compiled, and how large its module is. In a process of its own."""
    with TemporaryDirectory() as folder:
        written(Path(folder), **parts)
        began = time.perf_counter()
        ruleset = load(folder, cache=False)
        taken = time.perf_counter() - began
        size = len(ruleset.compile()) / 1e6
        memory = getrusage(RUSAGE_SELF).ru_maxrss / 1e3
        days = len(ruleset.breakpoints)
    return f"{name:<32}{days:5} breakpoints  {size:6.2f} MB  {taken:6.2f} s cold  {memory:6.0f} MB of memory"


def modules() -> Iterable[str]:
    """Rows about modules: many versions, each with days of its own; a few parameters with a value for each year."""
    cases = [(f"100 policies, {each} versions", {"policies": versions(100, each)}) for each in (1, 10)]
    used = policies(50, "参数.线3 + 参数.线7")
    cases += [(f"10 parameters, {years} years", {"parameters": yearly(years), "policies": used}) for years in (1, 20)]
    for case in cases:
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            yield alone.submit(compiled, *case).result()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--doublings", type=int, default=3, help="how many sizes, each twice the one before")
    arguments = parser.parse_args()
    print("processor seconds; the ratio is per doubling, 2.0 is linear\n")
    for line in modules():
        print(line, flush=True)
    for name, found in measure(arguments.rounds, arguments.doublings):
        shown = "  ".join(f"{size:>5}: {taken:7.3f}" for size, taken in found)
        first, last = found[0][1], found[-1][1]
        ratio = (last / first) ** (1 / (len(found) - 1))
        print(f"{name:<32}{shown}   ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
