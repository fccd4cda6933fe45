"""What is answered, as JSON Schema: the same for every ruleset.

In: nothing. Out: schemas by name. Called by `openapi`.
"""

from __future__ import annotations

from typing import Any

_Schema = dict[str, Any]
PROBLEMS = "Problems"


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _of(**properties: _Schema) -> _Schema:
    """An object that has all of these, and may have more."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _with(found: _Schema, **properties: _Schema) -> _Schema:
    """The same, which may have these besides."""
    return {**found, "properties": {**found["properties"], **properties}}


def _list(of: _Schema) -> _Schema:
    return {"type": "array", "items": of}


def _or_null(found: _Schema) -> _Schema:
    return {"anyOf": [found, {"type": "null"}]}


_TEXT: _Schema = {"type": "string"}
_TRUTH: _Schema = {"type": "boolean"}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_WHOLE: _Schema = {"type": "integer"}
_MONEY: _Schema = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}
_DAY: _Schema = {"type": "string", "format": "date"}
_SOME: _Schema = {"type": "object"}
_RULES = _ref("RulesetName")
_WORDS = _ref("Words")
_STATUS: _Schema = {"enum": ["eligible", "unknown", "ineligible"]}
_DECISIONS = _list(_ref("Decision"))
_EXPLAINED = _with(_of(text=_WORDS))

ANSWERS: dict[str, _Schema] = {
    "Words": _of(zh=_TEXT, en=_TEXT),
    "RulesetName": _of(id=_TEXT, digest={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}),
    "Problem": _of(
        code={"type": "string", "pattern": "^[A-Z][0-9]{3}$"},
        severity={"enum": ["error", "warning"]},
        place=_TEXT,
        zh=_TEXT,
        en=_TEXT,
        help=_WORDS,
    ),
    PROBLEMS: _of(problems={"type": "array", "minItems": 1, "items": _ref("Problem")}),
    "Amount": _of(value=_or_null(_MONEY), min=_MONEY, max=_MONEY, unit=_TEXT, per=_TEXT),
    "MemberDecision": _of(member=_TEXT, status=_STATUS, amount=_or_null(_ref("Amount"))),
    "Decision": _of(
        policy=_TEXT,
        title=_WORDS,
        status=_STATUS,
        force={"enum": ["entitlement", "discretion", "encouraged"]},
        amount=_or_null(_ref("Amount")),
        beneficiaries=_list(_TEXT),
        possible_beneficiaries=_list(_TEXT),
        departments=_SOME,
        obtain=_or_null(_SOME),
        basis=_list(_of(source=_TEXT, clause=_TEXT)),
        missing=_list(_SOME),
        assumed=_list(_SOME),
        provisional=_TRUTH,
        members=_list(_ref("MemberDecision")),
    ),
    "EvaluateAnswer": _with(
        _of(household=_TEXT, as_of=_DAY, ruleset=_RULES, decisions=_DECISIONS, figures=_list(_SOME)),
        trial=_list(_TEXT),
        derived=_list(_SOME),
        record=_of(entry=_COUNT, hash=_TEXT),
    ),
    "ExplainAnswer": _of(
        ruleset=_RULES,
        as_of=_DAY,
        explanations=_list(_of(decision=_ref("Decision"), reasons=_list(_SOME), text=_WORDS)),
        figures=_list(_EXPLAINED),
    ),
    "InterviewAnswer": _of(
        ruleset=_RULES,
        as_of=_DAY,
        questions=_list(
            _of(
                question=_TEXT,
                member=_or_null(_TEXT),
                words=_WORDS,
                text=_WORDS,
                kind=_TEXT,
                assumed=_TRUTH,
                policies=_list(_TEXT),
            )
        ),
        left=_of(min=_COUNT, max=_COUNT),
        undecided=_list(_TEXT),
        household=_SOME,
        evaluation=_ref("EvaluateAnswer"),
    ),
    "TimelineAnswer": _of(
        ruleset=_RULES,
        household=_TEXT,
        known_from=_list(_SOME),
        stretches=_list(_of(**{"from": _DAY, "to": _DAY, "decisions": _DECISIONS, "figures": _list(_SOME)})),
        changes=_list(_of(on=_DAY, policy=_TEXT, before=_ref("Decision"), after=_ref("Decision"))),
        figure_changes=_list(_SOME),
        dues=_list(_of(month=_TEXT, policy=_TEXT, min=_WHOLE, max=_WHOLE, provisional=_TRUTH)),
        total=_of(min=_WHOLE, max=_WHOLE, unit=_TEXT, decimals=_COUNT),
    ),
    "CompareAnswer": _of(
        before=_ref("EvaluateAnswer"),
        after=_ref("EvaluateAnswer"),
        changes=_list(_of(policy=_TEXT, before=_ref("Decision"), after=_ref("Decision"))),
    ),
    "Ruleset": _of(
        id=_TEXT,
        digest=_TEXT,
        title=_WORDS,
        covers=_of(**{"from": _DAY, "to": _DAY}),
        changes=_list(_DAY),
        policies=_COUNT,
    ),
    "Rulesets": _of(rulesets=_list(_ref("Ruleset"))),
    "Policies": _of(
        ruleset=_RULES,
        policies=_list(_of(id=_TEXT, title=_WORDS, level=_TEXT, versions=_list(_SOME))),
        departments=_SOME,
        sources=_SOME,
    ),
    "FactsSchema": _of(**{"$schema": _TEXT, "$defs": _SOME, "properties": _SOME}),
    "Interface": _of(openapi=_TEXT, info=_SOME, paths=_SOME, components=_SOME),
    "Health": _of(status={"const": "ok"}),
    "Readiness": _of(ready={"const": True}, rulesets=_SOME),
}
