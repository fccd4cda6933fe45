"""By which place households are filed where departments go by several."""

from __future__ import annotations

from pathlib import Path

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import names_at, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.decisions.responsibility import Organisation
from fupin_policy.reports.worklist import EVERY, write_worklists

ASSISTANCE = Path(__file__).parents[2] / "policies" / "assistance"


def test_households_are_filed_by_the_town_that_takes_applications_and_not_by_that_of_an_emergency(
    tmp_path: Path,
) -> None:
    rules = load(ASSISTANCE)
    households, members = (str(ASSISTANCE / "demo" / f"{name}.csv") for name in ("households", "members"))
    run(Job(rules, households, members, "2026-06-30", tmp_path / "out.parquet", asked=BatchRequest()))
    result = open_result(tmp_path / "out.parquet", rules)
    assert result.place == "户籍乡镇"
    write_worklists(result, rules, tmp_path / "lists")
    towns = {code.label for code in rules.program.code_lists["town"].codes}
    assert {path.stem for path in (tmp_path / "lists" / EVERY).glob("*.xlsx")} <= towns


def test_a_body_that_goes_by_another_place_than_that_of_the_column_has_its_own_name() -> None:
    program = load(ASSISTANCE).program
    department = program.departments["emergency_office"]
    body = Organisation(department.names[0].name, department.place)
    town = next(one for one in program.places.values())
    assert [one.zh for one in names_at(program, [body], town.label, "急难发生地")] == [town.office.zh]
    assert names_at(program, [body], town.label, "户籍乡镇") == (body.name,)
