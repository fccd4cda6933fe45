"""Households for hosts outside Python, and what Python says to each.

In: a ruleset and a number. Out: cases as plain data, answers as plain data. Called by the tests of every host.
Cases are the same in each run, so that all hosts are asked about the same households.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from retelling import blurred

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.population import read_population, write_registry
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake import parse_json
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import SHIPPED
from fupin_policy.testing import as_of_dates, households

T = TypeVar("T")
WRITTEN = re.compile(r'"=(-?[0-9][^"]*)"')


@dataclass(frozen=True)
class Case:
    """A household as a JSON text, and a date. `lossy`: its numbers do not outlive a JSON reader with floats.

    `previous` is what was decided of it before, as a JSON text; with `assume` what the rules declare is taken of facts
    that are not given.
    """

    text: str
    as_of: str
    lossy: bool = False
    previous: str | None = None
    assume: bool = True


@cache
def generated(ruleset: Ruleset, count: int) -> tuple[Case, ...]:
    """Valid households with facts known, partly known and missing; dates with more weight on breakpoints."""
    return tuple(case(household, day) for household, day in drawn(asked(ruleset), count))


def asked(ruleset: Ruleset) -> st.SearchStrategy[tuple[dict[str, Any], date]]:
    """A household and a date."""
    return as_of_dates(ruleset).flatmap(lambda day: st.tuples(households(ruleset, day), st.just(day)))


def doubtful(ruleset: Ruleset) -> list[Case]:
    """Households of the ruleset of `data_checks`: right, in doubt, not checkable, rejected, doubtful as assumed."""
    heads: tuple[Any, ...] = (True, False, "不详")
    pupils: tuple[dict[str, Any], ...] = ({"在校": "是"}, {"在校": "否"}, {"在校": "不详"}, {})
    born: tuple[dict[str, Any], ...] = ({"出生日期": "1980-01-01"}, {"出生日期": "2010-01-01"}, {})
    members = [{"户主": head, **pupil, **birth} for head in heads for pupil in pupils for birth in born]
    alone = [[one] for one in members]
    pairs = [[one, other] for one in members[::5] for other in members[::7]]
    fixed = [{"id": "h", "members": [{"id": f"m{at}", **one} for at, one in enumerate(some)]} for some in alone + pairs]
    return [case(one, "2019-06-30") for one in fixed] + list(generated(ruleset, 20))


def going_on(ruleset: Ruleset) -> list[Case]:
    """Households of the ruleset of `previous_results`, each with what was decided of it before, right or wrong."""
    random, found = Random(0), list[Case]()
    days = [f"2019-{month:02}-15" for month in (1, 2, 3, 4, 5)]
    for number in range(30):
        before: str | None = None
        for day in days:
            income = random.choice([None, "300.50", 500, 900, {"min": 400, "max": 600}])
            people = [
                {"id": name, "有劳力": random.choice([True, False, None])} for name in random.choice(["", "a", "ab"])
            ]
            given = {"id": f"h{number}", "收入": income, "members": people}
            found.append(replace(case(given, day), previous=before))
            before = json.dumps(json.loads(answer(ruleset, found[-1]))["evaluation"])
    good = json.loads(before or "")
    first, *others = good["decisions"]
    much = {**first, "amount": {"value": None, "min": "0.00", "max": "5000.00", "unit": "EUR", "per": "month"}}
    wrong: list[Any] = [
        {},
        [],
        {**good, "as_of": "soon"},
        {**good, "household": "other", "ruleset": {"id": "other"}, "as_of": days[-1]},
        {**good, "as_of": days[0], "decisions": others},
        {**good, "as_of": days[0], "decisions": [much, *others]},
        {**good, "as_of": days[0], "decisions": [{**much, "amount": {**much["amount"], "unit": "CNY"}}, *others]},
        {**good, "decisions": [{**first, "status": "perhaps"}, *others]},
        {**good, "decisions": [{**first, "members": [{}]}, *others]},
        {**good, "decisions": [{**first, "first_day": {"min": 1}}, *others]},
    ]
    given = {"id": good["household"], "收入": 900, "members": []}
    return found + [replace(case(given, days[-1]), previous=json.dumps(one)) for one in wrong]


def cared_for(ruleset: Ruleset) -> list[Case]:
    """Households of the ruleset of `conditional_departments`: others answer for each member, surely or perhaps."""
    grades: tuple[dict[str, Any], ...] = ({"残疾等级": "二级"}, {"残疾等级": "无级"}, {})
    members = [
        {**({} if poor is None else {"困难": poor}), **grade} for poor in (True, False, None) for grade in grades
    ]
    some = [[], *([one] for one in members), *([one, other, members[0]] for one in members for other in members[::2])]
    households = [
        {"id": "h", "受灾": wet, "members": [{"id": f"m{at}", **one} for at, one in enumerate(people)]}
        for people in some
        for wet in (True, "不详")
    ]
    return [case(one, "2019-06-30") for one in households]


def with_items() -> list[Case]:
    """Households of the ruleset of `of_lists`: lists whole, known in part, not given, wrong, in many words."""
    supporters: list[Any] = [
        *(None, "", " \u3000", "不详", " unknown\n", {}, {"at_least": None}, [], {"至少": []}, [{}]),
        *([{"月收入": 2000}], {"at_least": [{"monthly": {"min": 1000, "max": "2,500"}, "健在": "否"}]}),
        *([{"月收入": 5000, "健在": "不详"}, {"健在": True}], [{"月收入": 2000}, {"月收入": "不详"}]),
        *("x", 3, False, {"最多": []}, {"at_least": "x"}, {"x": 1, "at_least": [{}]}, [None], ["x", {}], [[]]),
        *([{}] * 4, {"至少": [{}] * 4}, [{"月收入": "多"}], [{"monthly": 1, "月收入": 2}], [{"收入": 1}, {"额": 2}]),
        *([{"户编号": 1}], [{"赡养人": []}], [{"月收人": 1}], {"至少": [{}], "at_least": [{}, {}]}),
    ]
    bills: list[Any] = [
        *(None, "", "  ", "未知", {}, [], {"至少": []}, [{}]),
        [{"额": 600, "日期": "2019-03-01", "序号": 1}],
        {"at_least": [{"额": 99, "日期": "2019", "序号": 1}, {"cost": 100}]},
        [{"额": 600, "日期": "2019-03-01", "序号": 1}, {"额": {"max": 3}, "日期": "2019-03-01", "序号": 2}],
        [{"日期": "2019-03-01", "序号": 1}, {"序号": "1.0", "on": "2019/3/1"}, {"日期": "2019-03-01", "序号": "不详"}],
        [3, {"日期": "2019-03-01", "序号": 1}, {"日期": "2019-03-01", "序号": 1}],
        [{"日期": "2019-03-01", "序号": "一"}, {"日期": "2019-03-01", "序号": "二"}],
        *([{"日期": "2019-07-01"}], [{"日期": {"min": "2019-05-01"}}], "没有", [{}] * 5),
    ]
    pairs = [(one, bills[at % len(bills)]) for at, one in enumerate(supporters)]
    pairs += [(one, []) for one in supporters]
    pairs += [(supporters[at % 5], one) for at, one in enumerate(bills)]
    others: tuple[Any, ...] = ([], None, {"at_least": [{"额": 7}]})
    found = [
        {"id": "h", "赡养人": own, "members": [{"id": "a", "就医记录": inner}, {"id": "b", "bills": other}]}
        for own, inner in pairs
        for other in others
    ]
    twice: dict[str, Any] = {"id": "h", "赡养人": [], "supporters": [], "月收入": 1, "就医记录": [], "members": []}
    odd = {"id": "h", "members": [{"id": "a", "赡养人": [], "额": 1, "bills": "", "就医记录": [{}]}]}
    without = {"id": "h", "members": [{"id": "a"}]}
    cases = [case(one, "2019-06-01") for one in (*found, twice, odd, without)]
    return [*cases, *(replace(one, assume=False) for one in cases)]


def invented(ruleset: Ruleset, count: int, folder: Path) -> list[Case]:
    """Households of a registry of `fupin synth` as they are decided on every stretch, of which less is known."""
    chance, reporter = Random(1), Reporter()
    population = read_population(SHIPPED / "population" / "population.yaml", ruleset.program)
    write_registry(ruleset.program, population, 2 * count, 1, folder)
    found = read_extract(folder / "households.csv", folder / "members.csv", ruleset.program, reporter)
    reporter.raise_errors()
    dates = [day for edge in ruleset.breakpoints for day in (edge, edge + timedelta(chance.randrange(60)))]
    cases = (case(blurred(ruleset, dict(household), chance), chance.choice(dates)) for household in found)
    # some are born after the date
    decided = [one for one in cases if answer(ruleset, one).startswith('{"evaluation"')]
    assert len(decided) >= count
    return decided[:count]


def case(household: Any, as_of: date | str) -> Case:
    """A household as data; a text `=1.50` in it becomes a number of JSON, as it is written."""
    text = json.dumps(household, ensure_ascii=False)
    return Case(WRITTEN.sub(r"\1", text), str(as_of), WRITTEN.search(text) is not None or _lossy(household))


def unassumed(cases: Sequence[Case]) -> list[Case]:
    """The cases, every third with nothing assumed."""
    return [replace(one, assume=at % 3 != 0) for at, one in enumerate(cases)]


def _lossy(value: Any) -> bool:
    match value:
        case dict():
            return any(_lossy(part) for part in value.values())
        case list():
            return any(_lossy(part) for part in value)
        case _:
            return isinstance(value, int) and abs(value) >= 2**53


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """So many examples of a strategy, the same in each run."""
    found: list[T] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: T) -> None:
        found.append(example)

    draw()
    assert len(found) >= count
    return found[:count]


def answer(ruleset: Ruleset, asked: Case) -> str:
    """What Python says, as compact JSON: `{"evaluation": …}` or `{"problems": […]}`."""
    reporter = Reporter()
    household = parse_json(asked.text, reporter)
    try:
        reporter.raise_errors(InputError)
        previous = None if asked.previous is None else json.loads(asked.previous)
        evaluation = ruleset.evaluate(household, asked.as_of, assume=asked.assume, previous=previous)  # type: ignore[arg-type]
        said: dict[str, Any] = {"evaluation": evaluation.as_json()}
    except InputError as error:
        said = {"problems": [one.as_json() for one in error.diagnostics]}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def stretches(ruleset: Ruleset, cases: list[Case]) -> set[date]:
    """The breakpoints from which the cases' dates are decided."""
    return {max(edge for edge in ruleset.breakpoints if edge <= date.fromisoformat(one.as_of)) for one in cases}
