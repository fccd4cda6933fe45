"""Population files: the shipped one draws every fact; a broken one is told what is wrong, and where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fupin_policy.batch.population.population import read_population
from fupin_policy.diagnostics import Reporter, RulesetError, render
from fupin_policy.documents import read_plain
from fupin_policy.ruleset import SHIPPED, check_folder

FILE = SHIPPED / "population" / "population.yaml"
PROGRAM = check_folder(SHIPPED)
HEAD = """kind: population
as_of: 2019-06-30
relation: 与户主关系
structures:
  - {name: 单人, share: 40%, members: [户主]}
  - {name: 夫妇, share: 60%, members: [户主, 配偶]}
facts:
"""


def problems(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """The codes found in a file, each with its line and column and the words that it points at."""
    path = folder / "population.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        read_population(path, PROGRAM)
    found = caught.value.diagnostics
    assert all(render(one) for one in found)
    return [
        (one.code, one.place.replace(f"{path.as_posix()}:", ""), one.span.text if one.span else "") for one in found
    ]


def test_every_fact_has_an_entry() -> None:
    population = read_population(FILE, PROGRAM)
    drawn = {entry.variable.name for entry in (*population.households, *population.members) if entry.shown}
    facts = {fact.label for fact in PROGRAM.facts if fact.level in ("household", "member")}
    assert drawn | {population.relation.name} == facts


def test_every_town_and_village_is_drawn() -> None:
    given = read_plain("population.yaml", FILE.read_bytes(), Reporter())
    draws = {one.get("fact"): one["draw"] for one in given["facts"]}
    places = [place.label for place in PROGRAM.places.values() if place.kind in ("town", "village")]
    assert [place for place in places if place not in str(draws["乡镇"]) + str(draws["行政村"])] == []


def test_households_have_one_to_eight_members() -> None:
    sizes = [len(one.relations) for one in read_population(FILE, PROGRAM).structures]
    assert min(sizes) == 1 and max(sizes) == 8


def test_the_population_is_no_part_of_the_rules(tmp_path: Path) -> None:
    ruleset = Path(__file__).parents[3] / "docs" / "examples" / "lesson"
    for path in ruleset.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = check_folder(tmp_path).digest
    (tmp_path / "population.yaml").write_text(HEAD + "  []\n", encoding="utf-8")
    assert check_folder(tmp_path).digest == before
    (tmp_path / "population.yaml").write_text(HEAD + "  - {fact: 性别}\n", encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        check_folder(tmp_path)
    assert {one.code for one in caught.value.diagnostics} == {"Y202"}


@pytest.mark.parametrize(
    ("entry", "code", "where", "word"),
    [
        ("{fact: 姓別, draw: 男, standing: assumed}", "P001", "8:12", "姓別"),
        ("{fact: 成员数, draw: 1, standing: assumed}", "P002", "8:12", "成员数"),
        ("{fact: 性别, draw: {by: 年龄, rows: [[1, 男]]}, standing: assumed}", "P003", "8:27", "年龄"),
        (
            "{fact: 是否危房, draw: {by: 与户主关系, rows: [[户主, 是]]}, standing: assumed}",
            "P003",
            "8:29",
            "与户主关系",
        ),
        ("{fact: 家庭纯收入, draw: 1, times: [户型], standing: assumed}", "P003", "8:36", "户型"),
        ("{fact: 性别, draw: {男: 50%, 雌: 50%}, standing: assumed}", "P004", "8:31", "雌"),
        ("{fact: 健康状况, draw: 健康、快乐, standing: assumed}", "P004", "8:24", "健康、快乐"),
        ("{fact: 性别, draw: {男: 50%, 女: 49.5%}, standing: assumed}", "P005", "8:22", "{"),
        ("{fact: 耕地面积, draw: 0..10001, standing: assumed}", "P006", "8:24", "0..10001"),
        ("{fact: 耕地面积, draw: 5..1, standing: assumed}", "P006", "8:24", "5..1"),
        ("{fact: 耕地面积, draw: 1.005, standing: assumed}", "P006", "8:24", "1.005"),
        ("{fact: 户主姓名, draw: '某{人}', standing: assumed}", "P008", "8:25", "某{人}"),
        ("{fact: 性别, draw: {男: 一半}, standing: assumed}", "Y206", "8:26", "一半"),
        ("{fact: 性别, draw: 男, standing: reported}", "Y202", "8:5", "{fact: 性别, draw: 男, standing: reported}"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, entry: str, code: str, where: str, word: str) -> None:
    assert problems(tmp_path, f"{HEAD}  - {entry}\n") == [(code, where, word)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("60%", "61%", ("P005", "5:3", "-")),
        ("relation: 与户主关系", "relation: 乡镇", ("P009", "3:11", "乡镇")),
        ("[户主, 配偶]", "[户主, 爱人]", ("P004", "6:42", "爱人")),
        ("[户主]", f"[{'户主, ' * 40}户主]", ("P007", "5:12", "单人")),
        ("kind: population", "kind: facts", ("P010", "1:1", "")),
        ("2019-06-30", "2019-06-31", ("Y125", "2:8", "2019-06-31")),
    ],
)
def test_so_is_what_is_wrong_above(tmp_path: Path, old: str, new: str, found: tuple[str, str, str]) -> None:
    text = HEAD.replace(old, new) + "  []\n"
    ((code, where, word),) = problems(tmp_path, text)
    assert (code, where) == found[:2] and word.startswith(found[2])


def test_what_rests_on_a_broken_entry_is_not_reported_again(tmp_path: Path) -> None:
    text = HEAD + "  - {fact: 是否危房, draw: 也许, standing: assumed}\n"
    text += "  - {fact: 危房等级, draw: {by: 是否危房, rows: [[是, D级]], otherwise: A级}, standing: assumed}\n"
    assert [code for code, _, _ in problems(tmp_path, text)] == ["P004"]


@pytest.mark.fault("C1")
def test_a_pipe_is_no_population(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "population.yaml")
    with pytest.raises(RulesetError) as caught:
        read_population(tmp_path / "population.yaml", PROGRAM)
    assert [one.code for one in caught.value.diagnostics] == ["Y117"]
