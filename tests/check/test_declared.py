"""What is declared, as the files say it: codes, parameters by code, facts of villages and places, inputs."""

from __future__ import annotations

from datetime import date

import pytest
from worlds import World, exact, said_of, world

from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import CodeDecl, Input
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Code, Day, Number, Truth

LISTS = """kind: facts
code_lists:
- {name: grade, codes: [{code: "1", name: one, label: 一级}, {code: "2", name: two, label: 二级},
   {code: "9", name: rest, label: 无级}]}
- {name: ill, codes: [{code: "1", name: serious, label: 大病}, {code: "2", name: chronic, label: 慢病}]}
- {name: town, places: town}
"""
PLACES = """kind: places
places:
- {name: east, label: 东河镇, kind: town, code: "101"}
- {name: west, label: 西山镇, kind: town, office: {zh: 西山镇政府, en: Xishan government}}
- {name: hill, label: 小山村, kind: village, within: east}
"""
FACTS = """- {name: b, label: 乙, for: household, type: code, codes: grade}
- {name: a, label: 甲, for: household, type: number, unit: 万元, decimals: 2, range: 0..1, required: true}
- {name: t, label: 乡镇, for: household, type: code, codes: town}
- {name: n, label: 姓名, for: member, type: text}
- {name: i, label: 疾病, for: member, type: codes, codes: ill, aliases: [病]}
- {name: d, label: 生日, for: member, type: date, past: true}
- {name: v, label: 贫困村, for: village, type: truth}
- {name: w, label: 脱贫数, for: village, type: number, range: 0..9}
- {name: r, label: 比率, for: town, type: number, unit: "%", range: 0..100}
"""
SOURCES = "kind: sources\nsources: [{id: s, title: {zh: 来源, en: Source}}]\n"
BODIES = """kind: departments
departments:
- {id: d, names: [{valid: .., zh: 某局, en: D}]}
- {id: o, place: [乡镇], names: [{valid: .., zh: 各镇, en: O}]}
"""
GOALS = """kind: targets
targets:
- {id: goal, title: {zh: 目标, en: Goal}, for: town, reach: 比率 >= 90%, by: 2020-12-31,
   valid: .., lead: [d], basis: [s]}
"""


def made(**more: str) -> World:
    """The world of all that."""
    files = {"lists": LISTS, "places": PLACES, "sources": SOURCES, "departments": BODIES, **more}
    return world(FACTS, more={f"{name}.yaml": text for name, text in files.items()})


def test_lists_of_codes_written_out_and_of_places() -> None:
    lists = made().program.code_lists
    assert lists["grade"].codes == (
        CodeDecl("1", "one", "一级"),
        CodeDecl("2", "two", "二级"),
        CodeDecl("9", "rest", "无级"),
    )
    assert lists["town"].codes == (CodeDecl("101", "east", "东河镇"), CodeDecl("west", "west", "西山镇"))


def test_places_and_their_offices() -> None:
    places = made().program.places
    assert {name: (p.label, p.kind, p.code, p.within, p.office.zh, p.office.en) for name, p in places.items()} == {
        "east": ("东河镇", "town", "101", None, "东河镇", "east"),
        "west": ("西山镇", "town", None, None, "西山镇政府", "Xishan government"),
        "hill": ("小山村", "village", None, "east", "小山村", "hill"),
    }


def test_facts_as_they_are_given() -> None:
    facts = {fact.name: fact for fact in made().program.facts}
    assert set(facts) == {"a", "b", "t", "n", "i", "d", "v", "w"}
    assert facts["a"].type == Number((("yuan", 1),), 0, 0, 10_000) and facts["a"].power == 4
    assert facts["a"].given_type == Number((("yuan", 1),), 4, 0, 10_000)
    assert facts["b"].type == facts["b"].given_type == Code("grade", 3)
    assert facts["n"].type is None and facts["v"].type == Truth()
    assert facts["i"].keys == ("i", "疾病", "病")
    assert (facts["d"].past, facts["d"].fixed, facts["a"].past, facts["a"].fixed) == (True, True, False, False)
    assert (facts["a"].required, facts["b"].required) == (True, False)


def test_inputs_stand_in_the_order_of_their_names() -> None:
    program = made().program
    towns, grades = Code("town", 2), Code("grade", 3)
    assert program.household_inputs == (
        Input(InputId("a"), "household", Number((("yuan", 1),), 0, 0, 10_000), False, True),
        Input(InputId("b"), "household", grades, False, False),
        Input(InputId("t"), "household", towns, False, False),
        Input(InputId("v"), "village", Truth(), False, False),
        Input(InputId("w"), "village", Number((), 0, 0, 9), False, False),
    )
    assert program.member_inputs == (
        Input(InputId("d"), "member", Day(to_day(date(1900, 1, 1)), program.covers.end - 1), True, False),
        Input(InputId("i", "serious"), "member", Truth(), False, False),
        Input(InputId("i", "chronic"), "member", Truth(), False, False),
    )


def test_places_have_a_program_of_their_own_where_rules_are_about_them() -> None:
    assert made().program.by_place == {}
    below: Program = made(targets=GOALS).program.by_place["town"]
    assert (below.subject, below.min_members, below.max_members) == ("town", 0, 0)
    assert [fact.name for fact in below.facts] == ["r"]
    assert below.household_inputs == (Input(InputId("r"), "household", Number((), 2, 0, 100), False, False),)
    assert below.member_inputs == () and below.policies == () and [one.id for one in below.targets] == ["goal"]
    assert {one.id for one in below.definitions} == {DefinitionId("applies", "goal"), DefinitionId("goal", "goal")}
    assert below.departments["o"].place is None


def test_the_offices_of_places_are_known_by_the_facts_in_reach() -> None:
    program = made(targets=GOALS).program
    assert program.departments["o"].place == "t" and program.departments["d"].place is None
    assert {one.id for one in program.definitions} == set()


def test_facts_of_a_village_that_no_rule_uses_go_where_villages_have_rules() -> None:
    goals = GOALS.replace("for: town, reach: 比率 >= 90%", "for: village, keep: 脱贫数 >= 3").replace(
        "by: 2020-12-31", "each: year"
    )
    term = "kind: terms\nterms: [{name: x, label: 试, for: household, value: 贫困村}]\n"
    alone, used = made(targets=goals).program, made(targets=goals, terms=term).program
    assert [fact.name for fact in alone.facts if fact.level == "village"] == []
    assert [fact.name for fact in used.facts if fact.level == "village"] == ["v"]
    assert [fact.name for fact in alone.by_place["village"].facts] == ["v", "w"]


KEYED = """kind: parameters
parameters:
- name: p
  label: 标准
  unit: 元
  by: 乙
  values:
  - {valid: ..2019-12-31, value: {一级: 30, two: 20, "9": 10}, status: enacted, source: s 1, note: {zh: 注, en: Note}}
  - {valid: 2020-01-01.., value: {一级: 3, 二级: 2.5, 无级: 1}, status: reported, source: s}
- name: q
  label: 截止
  type: date
  values: [{valid: .., value: 2019-06-30, status: example, source: s}]
"""


def test_a_parameter_by_code() -> None:
    here = made(parameters=KEYED)
    found = here.program.parameters["p"]
    assert found.keys == ("b",) and found.label == "标准"
    assert [dict(one.values) for one in found.values] == [{0: 3000, 1: 2000, 2: 1000}, {0: 300, 1: 250, 2: 100}]
    assert [(one.standing, one.basis) for one in found.values] == [
        ("enacted", ClauseRef("s", "1")),
        ("reported", ClauseRef("s", "")),
    ]
    assert found.values[0].note is not None and found.values[0].note.en == "Note" and found.values[1].note is None
    assert found.type == Number((("yuan", 1),), 2, 100, 3000)
    day = here.program.parameters["q"]
    at = to_day(date(2019, 6, 30))
    assert day.type == Day(at, at) and day.values[0].values == {None: at}
    expr = here.typed("参数.标准")
    assert isinstance(expr.type, Number) and (expr.type.low, expr.type.high) == (100, 3000)
    assert here.typed("参数.q").type == Day(at, at)


@pytest.mark.parametrize(
    ("text", "held", "wanted"),
    [
        ("有成员满足(疾病 包含 大病)", [("i.serious", True)], 3),
        ("有成员满足(疾病 包含 大病)", [("i.serious", False), ("i.chronic", True)], 0),
        ("有成员满足(病 包含 chronic)", [("i.chronic", True)], 3),
        ('有成员满足(疾病 包含 "1")', [("i.serious", None)], 2),
    ],
)
def test_a_fact_of_several_codes(text: str, held: list[tuple[str, bool | None]], wanted: int) -> None:
    here = made()
    assert here.evaluated(here.typed(text), {"甲": 0, "members": [dict(held)]}) == wanted


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("乙 = 一级", [3, 0, 0]),
        ("一级 = 乙", [3, 0, 0]),
        ("乙 = one", [3, 0, 0]),
        ('乙 = "9"', [0, 0, 3]),
        ("乙 ≠ 一级", [0, 3, 3]),
        ("乙 属于 {一级, rest}", [3, 0, 3]),
        ("乙 不属于 {一级, rest}", [0, 3, 0]),
        ("乙 属于 {二级}", [0, 3, 0]),
        ("乙 = 乙", [3, 3, 3]),
        ("(若 甲 > 1元 则 一级 否则 乙) = 乙", None),
        ("若 乙 = 一级 则 1元 否则 2元", [100, 200, 200]),
    ],
)
def test_codes_are_compared(text: str, values: list[int] | None) -> None:
    here = made()
    if values is None:
        # a code by itself, without a list in sight, is nothing that is known
        assert here.codes(text) == ["N101"]
        return
    expr = here.typed(text)
    for at, wanted in enumerate(values):
        value = here.evaluated(expr, {"甲": 0, "乙": at})
        assert (value if isinstance(value, int) else int(exact(expr, value) * 100)) == wanted


RULES = """kind: policies
policies:
- id: z.late
  title: {zh: 后, en: Late}
  for: household
  versions:
  - {valid: 2019-01-01..2019-12-31, when: 贫困村, benefit: {kind: waiver}, basis: [law 1]}
- id: a.early
  title: {zh: 先, en: Early}
  for: household
  versions:
  - {valid: 2020-01-01.., when: 贫困村, benefit: {kind: registration, sets: {乙: 二级}}, lead: [某局], basis: [law 2]}
  - valid: 2018-06-01..2019-12-31
    when: 贫困村
    benefit: {kind: cash, amount: 3元, per: month}
    lead: [d]
    cooperating: [新局, o]
    function: 助学
    basis: [law 2, law]
    note: {zh: 注, en: Note}
"""
DIGEST = "sha256:" + "0" * 64
LAW = f"""kind: clauses
source: law
clauses:
- {{id: "1", summary: {{zh: 一, en: One}}, lead: [某局], cooperating: [o], digest: "{DIGEST}"}}
- {{id: "2", summary: {{zh: 二, en: Two}}, nothing: {{zh: 无, en: Nothing}}}}
"""
LAWS = "kind: sources\nsources:\n- {id: law, number: 一号, title: {zh: 法, en: Law}, issued: 2018-05-04}\n"
LAWS += "- {id: s, title: {zh: 来源, en: Source}}\n"
TWO = (
    BODIES + "- {id: n, names: [{valid: ..2018-12-31, zh: 旧局, en: Old}, {valid: 2019-01-01.., zh: 新局, en: New}]}\n"
)
TASKS = """kind: duties
duties:
- {id: report, title: {zh: 报告, en: Report}, for: {zh: 县政府, en: the county}, valid: 2019-01-01.., each: quarter,
   basis: [law 1]}
- {id: visit, title: {zh: 走访, en: Visit}, valid: .., within: 04-01..06-30, lead: [新局], basis: [law 2]}
- {id: once, title: {zh: 一次, en: Once}, valid: .., by: 2020-06-30, lead: [旧局], cooperating: [某局], function: 助学,
   basis: [s], note: {zh: 注, en: Note}}
"""


def registered() -> World:
    """The world with policies and duties that rest on the clauses of a law."""
    files = {"sources": LAWS, "departments": TWO, "law": LAW, "policies": RULES, "duties": TASKS}
    return made(**files)


def test_policies_in_the_order_of_their_ids_and_versions_in_that_of_time() -> None:
    early, late = registered().program.policies
    assert (early.id, late.id, early.has_amount, late.has_amount) == ("a.early", "z.late", True, False)
    first, second = early.versions
    assert (first.validity.start, first.validity.end) == (to_day(date(2018, 6, 1)), to_day(date(2020, 1, 1)))
    assert second.validity.start == to_day(date(2020, 1, 1))
    assert (first.benefit.kind, first.benefit.per, first.benefit.sets) == ("cash", "month", None)
    assert (second.benefit.kind, second.benefit.per, second.benefit.sets) == ("registration", None, ("b", 1))
    assert (first.lead, first.cooperating, first.function) == (("d",), ("n", "o"), "助学")
    assert first.basis == (ClauseRef("law", "2"), ClauseRef("law", ""))
    assert first.note is not None and first.note.zh == "注" and second.note is None and second.function is None
    # who answers is as the clause lists them, where the policy does not say
    assert (late.versions[0].lead, late.versions[0].cooperating) == (("d",), ("o",))
    assert (second.lead, second.cooperating) == (("d",), ())


def test_clauses_as_they_are_registered() -> None:
    law = registered().program.sources["law"]
    assert (law.number, law.issued, law.issuer, law.title.en) == ("一号", date(2018, 5, 4), None, "Law")
    one, two = law.clauses["1"], law.clauses["2"]
    assert (one.source, one.id, one.digest, one.summary.en) == ("law", "1", DIGEST, "One")
    assert (one.lead, one.cooperating, one.nothing) == (("d",), ("o",), None)
    assert two.nothing is not None and two.nothing.zh == "无" and two.digest is None and two.lead == ()


def test_duties_and_their_days() -> None:
    found = {duty.id: duty for duty in registered().program.duties}
    assert list(found) == ["once", "report", "visit"]
    once, report, visit = found.values()
    assert (once.by, once.each, once.within) == (to_day(date(2020, 6, 30)), None, None)
    assert (once.lead, once.cooperating, once.function) == (("n",), ("d",), "助学")
    assert once.note is not None and once.note.en == "Note" and once.whom is None
    assert (report.by, report.each, report.within) == (None, "quarter", None)
    assert report.whom is not None and report.whom.en == "the county"
    assert (report.lead, report.cooperating) == (("d",), ("o",))
    assert report.validity.start == to_day(date(2019, 1, 1))
    assert (visit.each, visit.within, visit.lead, visit.cooperating) == ("year", ((4, 1), (6, 30)), ("n",), ())


def test_targets_and_their_days() -> None:
    goals = GOALS + (
        "- {id: keep, title: {zh: 保持, en: Keep}, for: town, applies: 比率 > 10%, keep: 比率 >= 20%, each: month, "
        "valid: 2019-01-01..2019-12-31, lead: [d], cooperating: [o], basis: [s], note: {zh: 注, en: Note}}\n"
    )
    goal, keep = made(targets=goals).program.by_place["town"].targets
    assert (goal.keep, goal.by, goal.each, goal.level) == (False, to_day(date(2020, 12, 31)), None, "town")
    assert (keep.keep, keep.by, keep.each) == (True, None, "month")
    assert (keep.lead, keep.cooperating, keep.basis) == (("d",), ("o",), (ClauseRef("s", ""),))
    assert (keep.validity.start, keep.validity.end) == (to_day(date(2019, 1, 1)), to_day(date(2020, 1, 1)))
    assert keep.note is not None and keep.note.en == "Note" and goal.note is None


@pytest.mark.parametrize(("value", "said"), [("0", []), ("20", []), ("20.1", ["R310"]), ("-0.1", ["R310"])])
def test_a_value_at_the_edge_of_its_declared_range(value: str, said: list[str]) -> None:
    parameter = "kind: parameters\nparameters:\n- name: p\n  label: 标准\n  unit: 万元\n  decimals: 1\n"
    parameter += f"  range: 0..20\n  values: [{{valid: .., value: {value}, status: example, source: s}}]\n"
    assert [code for code, _ in said_of({"parameters": parameter, "sources": SOURCES})] == said


def test_a_word_for_two_bodies_means_the_one_that_always_had_it() -> None:
    names = "- {id: x, names: [{valid: ..2018-12-31, zh: 甲局, en: X}, {valid: 2019-01-01.., zh: 某局, en: Y}]}\n"
    goals = GOALS.replace("lead: [d]", "lead: [某局]")
    (goal,) = made(departments=BODIES + names, targets=goals).program.by_place["town"].targets
    assert goal.lead == ("d",)
    (goal,) = (
        made(departments=BODIES.replace("[{valid: .., zh: 某", "[{valid: .., zh: 他") + names, targets=goals)
        .program.by_place["town"]
        .targets
    )
    assert goal.lead == ("x",)
