"""What is supposed of a household on a worksheet is what the interpreter says of such a household.

In: random rules, households, facts supposed otherwise. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import load
from fupin_policy.core.household import Household, changed
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.incremental import Net, Supposed, Worksheet
from fupin_policy.testing import as_of_dates, households, rulesets

SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worksheet")


def other_facts(data: st.DataObject, household: Household, other: Household) -> list[Supposed]:
    """Some of a household's facts as they are in another one."""
    places: list[tuple[int | None, int]] = [(None, at) for at in range(len(household.facts))]
    both = min(len(household.members), len(other.members))
    places += [(member, at) for member in range(both) for at in range(len(household.members[member].facts))]
    chosen = data.draw(st.lists(st.sampled_from(places), max_size=6, unique=True))
    return [
        (member, at, other.facts[at] if member is None else other.members[member].facts[at]) for member, at in chosen
    ]


@SLOW
@given(data=st.data())
def test_it_is_the_interpreter_s_word(root: Path, data: st.DataObject) -> None:
    files = data.draw(rulesets())
    folder = root / str(abs(hash(tuple(sorted(files.items())))))
    folder.mkdir(exist_ok=True)
    write_files(folder, files)
    ruleset = load(folder, cache=False)
    as_of = data.draw(as_of_dates(ruleset))
    household, day = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
    snapshot = ruleset.snapshot(as_of)
    sheet = Worksheet(Net.of_snapshot(snapshot), household, (day, day))
    agree(sheet, household, (day, day))
    for _ in range(3):
        other, _ = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
        values = other_facts(data, household, other)
        days = data.draw(st.sampled_from([(day, day), (day, min(day + 40, snapshot.validity.end - 1))]))
        household = changed(household, values)
        sheet = sheet.supposing(values, days)
        agree(sheet, household, days)


def agree(sheet: Worksheet, household: Household, days: tuple[int, int]) -> None:
    snapshot = sheet.net.snapshot
    traces = interpreter.trace_over(snapshot, household, days)
    for definition in snapshot.definitions:
        assert sheet.values(definition.id) == tuple(trace.value for trace in traces[definition.id])
