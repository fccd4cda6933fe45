"""A small program made by hand for the tests of the intake. In: nothing. Out: `PROGRAM`. Called by tests here."""

from __future__ import annotations

from datetime import date

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, Validity, to_day
from fupin_policy.core.declarations import CodeDecl, CodeList, FactDecl, FactKind, Input
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type

GRADES = CodeList(
    "grade",
    (
        CodeDecl("1", "a", "一级"),
        CodeDecl("2", "b", "二级"),
        CodeDecl("3", "c", "三级"),
        CodeDecl("4", "d", "四级"),
    ),
)
HEALTH = CodeList(
    "health",
    (CodeDecl("1", "healthy", "健康"), CodeDecl("2", "chronic", "长期慢性病"), CodeDecl("3", "ill", "患有大病")),
)


def fact(
    name: str,
    label: str,
    level: Level,
    kind: FactKind,
    type_: Type | None,
    aliases: tuple[str, ...] = (),
    past: bool = False,
) -> FactDecl:
    return FactDecl(name, label, aliases, level, kind, type_, past, required=False)


MONEY = Number((("yuan", 1),), 2, 0, 100_000_000)
FACTS = (
    fact("income", "家庭纯收入", "household", "number", MONEY, aliases=("纯收入",)),
    fact("on_allowance", "是否享受低保", "household", "truth", Truth()),
    fact("poor_since", "识别日期", "household", "date", Day(to_day(date(2013, 1, 1)), DAY_MAX), past=True),
    fact("phone", "联系电话", "household", "text", None),
    fact("village_people", "村人口", "village", "number", Number((), 0, 0, 100_000)),
    fact("key_village", "是否重点村", "village", "truth", Truth()),
    fact("birth_date", "出生日期", "member", "date", Day(to_day(date(1900, 1, 1)), DAY_MAX), past=True),
    fact("due", "到期日", "member", "date", Day(to_day(date(2000, 1, 1)), to_day(date(2050, 12, 31)))),
    fact("grade", "残疾等级", "member", "code", Code("grade", 4)),
    fact("health", "健康状况", "member", "codes", Code("health", 3)),
    fact("student", "是否在校", "member", "truth", Truth()),
    fact("months", "务工月数", "member", "number", Number((), 0, 0, 12)),
    fact("wage", "工资", "member", "number", Number((("yuan", 1),), 2, -1000, 10_000_000)),
    fact("full_name", "姓名", "member", "text", None),
)


def inputs(*levels: str) -> tuple[Input, ...]:
    found = []
    for one in FACTS:
        if one.level not in levels or one.type is None:
            continue
        if one.kind == "codes":
            found += [Input(InputId(one.name, c.name), one.level, Truth(), False, one.required) for c in HEALTH.codes]
        else:
            found.append(Input(InputId(one.name), one.level, one.type, one.past, one.required))
    return tuple(found)


PROGRAM = Program(
    id="small",
    title=Bilingual("小", "small"),
    covers=Validity(to_day(date(2018, 1, 1)), to_day(date(2023, 1, 1))),
    currency="CNY",
    decimals=2,
    max_members=5,
    min_members=1,
    identifiers={"household": "户编号", "member": "人编号"},
    unit_labels={},
    code_lists={"grade": GRADES, "health": HEALTH},
    facts=FACTS,
    household_inputs=inputs("household", "village"),
    member_inputs=inputs("member"),
    parameters={},
    departments={},
    places={},
    sources={},
    policies=(),
    groups=(),
    definitions=(),
    digest="sha256:0",
)
