"""Invented numbers of identity: right by their form, of the drawn day of birth and sex, nobody's, and each but once."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from text_files import write_files

from fupin_policy.batch.population import read_population
from fupin_policy.batch.population.tables import synthesize
from fupin_policy.core.program import Program
from fupin_policy.intake.identity_numbers import read_identity
from fupin_policy.ruleset import SHIPPED, check_folder

NUMBER = """\
kind: facts
facts:
  - name: id_number
    label: 公民身份号码
    for: member
    type: text
    format: gb11643
    birth: 出生日期
    sex: 性别
    unique: true
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("numbered")
    head = f"kind: ruleset\nid: numbered\ntitle: {{zh: 试, en: Trial}}\nextends: {SHIPPED.as_posix()}\n"
    write_files(folder, {"ruleset.yaml": head, "facts.yaml": NUMBER})
    return check_folder(folder)


def test_numbers_are_those_of_the_people_drawn(program: Program) -> None:
    population = read_population(Path(SHIPPED) / "population" / "population.yaml", program)
    members = pa.Table.from_batches([inner for _, inner in synthesize(program, population, 3000, 7)])
    rows = members.select(["公民身份号码", "出生日期", "性别"]).to_pylist()
    numbers = [one["公民身份号码"] for one in rows]
    assert len({one for one in numbers if one}) == sum(one is not None for one in numbers) > 5000
    for one in rows:
        assert (one["公民身份号码"] is None) == (one["出生日期"] is None)
        if one["公民身份号码"] is not None:
            read = read_identity("gb11643", one["公民身份号码"])
            assert read is not None and read.valid and one["公民身份号码"].startswith("99")
            assert one["公民身份号码"][6:14] == one["出生日期"].strftime("%Y%m%d")
            assert one["性别"] is None or read.male == (one["性别"] in ("男", "男性"))
    again = pa.Table.from_batches([inner for _, inner in synthesize(program, population, 10, 7)])
    assert again["公民身份号码"].to_pylist() == numbers[: len(again)]
