"""An example as people read it: what is given, subject by subject, and what should come out, in words.

In: a program and the plain data of an example. Out: lines of blocks. Called by `rules`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fupin_policy.analysis.clause_accounts import every_policy, every_target
from fupin_policy.analysis.examples import figures_wanted, wanted_of
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Number
from fupin_policy.documents.words import KEYS
from fupin_policy.prose.amounts import declared_unit, money_unit
from fupin_policy.prose.statuses import STATUSES
from fupin_policy.reports.registers_text import PROGRESS
from fupin_policy.reports.site.blocks import Inline, Line, Link

_STATUSES: Mapping[str, Bilingual] = {
    **{progress.value: words for progress, (_, words) in PROGRESS.items()},
    **{status.value: words.listed for status, words in STATUSES.items()},
}
_EACH = {"month": "每月", "year": "每年"}
_BOUNDS = {"min": "至少", "max": "至多"}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TRUTHS = {"true": "是", "false": "否", "none": "没有", "null": "没有"}
_NONE = "没有"
_WORDS = {
    "beneficiaries": Bilingual("受益人", "beneficiaries"),
    "possible_beneficiaries": Bilingual("可能的受益人", "possible beneficiaries"),
    "lead": Bilingual("牵头", "lead"),
    "possible_lead": Bilingual("可能的牵头部门", "possible lead"),
    "missing": Bilingual("缺少", "missing"),
    "provisional": Bilingual("暂定", "provisional"),
}


def given_line(program: Program, given: Mapping[str, Any]) -> Line:
    """What is given: `脱贫属性 未脱贫；成员 m1：是否患病就诊 是，年龄 70`; each number with the unit it is given in."""
    return ("；".join(_subjects(program, program.subject, given, "")) or "—",)


def wanted_line(program: Program, owner: str, expect: object) -> Line:
    """What should come out: of the rule `owner` its status alone, of others after their titles; then figures."""
    titles: dict[str, Inline] = {one.id: Link("policies", one.id, one.title.zh) for one in every_policy(program)}
    titles |= {one.id: Link("targets", one.id, one.title.zh) for one in every_target(program)}
    found: list[Line] = []
    for name, wanted in wanted_of(owner, expect):
        before: Line = () if name == owner else (titles.get(name, name), "：")
        found += [(*before, *_joined("，", list(_came_out(program, wanted))))] if wanted else []
    found += [(f"{name}：{_told(value)}",) for name, value in figures_wanted(expect).items()]
    return _joined("；", found)


def _joined(between: str, lines: list[Line]) -> Line:
    return tuple(piece for at, line in enumerate(lines) for piece in ((between, *line) if at else line))


def _came_out(program: Program, wanted: Mapping[str, Any]) -> Iterator[Line]:
    for key, value in wanted.items():
        match key:
            case "status":
                yield (_STATUSES.get(str(value), str(value)),)
            case "amount" if value is None:
                yield (Bilingual("没有金额", "no amount"),)
            case "amount":
                yield (f"{str(value).replace('..', '–')} {money_unit(program)}",)
            case "figures":
                pass
            case _:
                yield (_WORDS.get(key, key), f" {_told(value)}")


def _subjects(program: Program, level: Level, given: Mapping[str, Any], whose: str) -> Iterator[str]:
    """A line for a subject's own facts, then those of the members and items below it."""
    facts = {key: fact for fact in program.facts if fact.level == level for key in fact.called}
    lists = {key: one for one in program.lists_of(level) for key in one.keys}
    own, below = list[str](), list[str]()
    for key, value in given.items():
        if key == "id" and whose:
            continue
        if key in lists and isinstance(value, Mapping) and set(value) == {"at_least"}:
            own.append(f"{lists[key].label} 可能还有")
            value = value["at_least"]
        if level == "household" and key in ("members", *KEYS["members"]) and _all_mappings(value):
            for one in value:
                below += _subjects(program, "member", one, f"成员 {one.get('id', '')}".strip())
        elif key in lists and value and _all_mappings(value):
            of = f"{whose} 的" if whose else ""
            for number, one in enumerate(value, 1):
                below += _subjects(program, lists[key].name, one, f"{of}{lists[key].label} {number}")
        else:
            label = lists[key].label if key in lists else _label(facts[key]) if key in facts else key
            own.append(f"{label} {_said(program, facts.get(key), value)}")
    if own:
        yield f"{whose}：{'，'.join(own)}" if whose else "，".join(own)
    elif whose:
        yield whose
    yield from below


def _all_mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _label(fact: FactDecl) -> str:
    return fact.label if fact.series is None else fact.series.label


def _said(program: Program, fact: FactDecl | None, value: object) -> str:
    """A value of a fact: a code by its label, a number with its unit, a series month by month."""
    match value:
        case {"one_of": list() as some, **rest} if not rest:
            return "或".join(_said(program, fact, one) for one in some)
        case Mapping() if value and set(value) <= set(_BOUNDS):
            return "、".join(f"{_BOUNDS[key]} {_said(program, fact, one)}" for key, one in value.items())
        case Mapping():
            every = "每期" if fact is None or fact.series is None else _EACH[fact.series.each]
            parts = [f"{every if key == 'each' else key} {_said(program, fact, one)}" for key, one in value.items()]
            return "、".join(parts) or _NONE
        case list():
            return "、".join(_said(program, fact, one) for one in value) or _NONE
        case _ if fact is not None and isinstance(fact.type, Code):
            codes = program.code_lists[fact.type.code_list].codes
            text = _told(value)
            return next((one.label for one in codes if text in (one.code, one.name, one.label)), text)
        case _ if fact is not None and isinstance(fact.type, Number) and _NUMBER.fullmatch(str(value)):
            return f"{value} {declared_unit(fact, program)}".strip()
        case _:
            return _told(value)


def _told(value: object) -> str:
    """Plain data as text."""
    match value:
        case None:
            return _NONE
        case str() | bool():
            return _TRUTHS.get(str(value).lower(), str(value))
        case list():
            return "、".join(map(_told, value)) or _NONE
        case Mapping():
            return "、".join(f"{key} {_told(one)}" for key, one in value.items()) or _NONE
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)
