"""The page on which a household is filled in and decided, with the compiled rules and the program that runs them in it.

In: a ruleset. Out: what stands in the page, and its script. Called by `html_pages`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import Assumption, FactDecl, ListDecl
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Code
from fupin_policy.files.shipped import shipped
from fupin_policy.prose.amounts import declared_unit, money_unit
from fupin_policy.prose.references import references_text
from fupin_policy.reports.pages import TEMPLATES
from fupin_policy.reports.site.blocks import clause_name
from fupin_policy.reports.site.classic_script import classic_script
from fupin_policy.ruleset import Ruleset

SHOWN_FIRST = 12
"""How many facts of a household, member or item stand on the form unfolded: those on which most policies rest."""


@cache
def calculator_script() -> str:
    """The script of the page: the form, and the package `fupin-policy` of `hosts/js`."""
    first = TEMPLATES / "site" / "calculator" / "start.js"
    return classic_script(first, {"fupin-policy": shipped("hosts/js/src") / "index.js"})


def calculator_data(ruleset: Ruleset, day: str | None) -> dict[str, str]:
    """What the script reads from the page: what the rules ask and name, as JSON, and the compiled rules, in base64.

    `day` is the one that is decided where none is set and no policy is in force today.
    """
    text = json.dumps(_about(ruleset.program) | {"day": day}, ensure_ascii=False, separators=(",", ":"))
    return {"about": text.replace("<", "\\u003c"), "rules": b64encode(ruleset.compile(explanations=True)).decode()}


def _about(program: Program) -> dict[str, Any]:
    covers = (program.covers.start, program.covers.end - 1)
    bases = {ref for policy in program.policies for version in policy.versions for ref in version.basis}
    ordered = sorted(bases, key=lambda ref: (ref.source, ref.clause))
    return {
        "covers": [to_date(day).isoformat() for day in covers],
        "in_force": _in_force(program),
        "unit": money_unit(program),
        "members": {"least": program.min_members, "most": program.max_members},
        "policies": {one.id: {"address": f"policies/{one.id}.html"} for one in program.policies},
        "clauses": {f"{ref.source} {ref.clause}": _clause(program, ref) for ref in ordered},
        "facts": [one for level in _levels(program) for one in _facts(program, level)],
        "lists": [_list(one) for one in program.lists],
    }


def _in_force(program: Program) -> list[str]:
    """The first and the last day on which some policy is in force."""
    times = [version.validity for policy in program.policies for version in policy.versions]
    first = max(program.covers.start, min((one.start for one in times), default=program.covers.start))
    last = min(program.covers.end, max((one.end for one in times), default=program.covers.end)) - 1
    return [to_date(day).isoformat() for day in (first, last)]


def _clause(program: Program, ref: ClauseRef) -> dict[str, str | None]:
    source = program.sources.get(ref.source)
    known = source is not None and ref.clause in source.clauses
    shown = references_text([ref], program.sources, "zh") if source is not None else f"{ref.source} {ref.clause}"
    return {"shown": shown, "address": f"clauses/{clause_name(ref.source, ref.clause)}.html" if known else None}


def _levels(program: Program) -> list[str]:
    return ["household", "member", *(one.name for one in program.lists)]


def _list(declared: ListDecl) -> dict[str, Any]:
    named = {"name": declared.name, "label": declared.words.as_json(), "of": declared.of, "most": declared.most}
    return {**named, "absent": _absent(declared.empty)}


def _facts(program: Program, level: str) -> Iterator[dict[str, Any]]:
    """The facts of a level on which policies rest, those of most policies first; assumed ones after the others."""
    used = _uses(program)
    beside = {one.given for one in program.facts}
    asked = [one for one in program.facts if one.level == level and one.ago == 0 and _is_asked(one, used, beside)]
    ordered = sorted(asked, key=lambda one: (_is_told(one), -_rank(one, used)))
    for at, one in enumerate(ordered):
        yield _fact(program, one, first=at < SHOWN_FIRST and not _is_told(one))


def _is_asked(fact: FactDecl, used: Counter[str], beside: set[str | None]) -> bool:
    return _rank(fact, used) > 0 and fact.tells_of is None and fact.name not in beside


def _is_told(fact: FactDecl) -> bool:
    """Whether something is known of it where nobody fills it in."""
    return fact.absent is not None or fact.previous is not None


def _rank(fact: FactDecl, used: Counter[str]) -> int:
    tells = () if fact.number is None else fact.number.fills
    return max(used[name] for name in (fact.name, fact.given or fact.name, *tells))


def _uses(program: Program) -> Counter[str]:
    """Of how many policies each fact is one that they rest on; of a fact by months, under the name of this month's."""
    first = {
        one.name: next(other.name for other in program.facts if other.series == one.series and other.ago == 0)
        for one in program.facts
        if one.series is not None
    }
    found = Counter[str]()
    for policy in program.policies:
        found.update({first.get(one.fact, one.fact) for one in program.dependencies.facts(_told(policy))})
    return found


def _told(policy: Policy) -> list[Any]:
    audience = [policy.audience.definition] if policy.audience else []
    return [*policy.told, *policy.bringing, *audience]


def _fact(program: Program, fact: FactDecl, first: bool) -> dict[str, Any]:
    named: Any = fact if fact.series is None else fact.series
    codes = program.code_lists[fact.type.code_list].codes if isinstance(fact.type, Code) else ()
    found = {
        "name": named.name,
        "label": named.label,
        "aliases": list(named.aliases),
        "level": fact.level,
        "kind": fact.kind,
        "first": first,
        "unit": declared_unit(fact, program),
        "per": PER[fact.per].zh if fact.per else "",
        "note": _zh(fact.note),
        "absent": _absent(fact.absent),
        "codes": [{"name": one.name, "label": one.label} for one in codes],
        "maybe": fact.given is not None,
    }
    return found if fact.series is None else {**found, "each": fact.series.each, "back": fact.series.back}


def _absent(absent: Assumption | None) -> dict[str, str] | None:
    return None if absent is None else {"zh": absent.words.zh, "why": absent.why.zh}


def _zh(words: Bilingual | None) -> str:
    return "" if words is None else words.zh
