"""What a ruleset's registers say: clauses with what became of them, parameters over time, facts; and a search in these.

In: a ruleset. Out: data for JSON, in both languages. Called by `assistant_questions` and `assistant_resources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fupin_policy.analysis.clause_accounts import ClauseAccount, accounts
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import DatedValue, FactDecl, ParameterDecl
from fupin_policy.core.json_data import json_of
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.registers import ClauseRef, SourceDecl
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.expressions import show_value
from fupin_policy.prose.references import references_text
from fupin_policy.ruleset import Ruleset

_LANGS: tuple[Lang, ...] = ("zh", "en")


def named(ruleset: Ruleset) -> dict[str, str]:
    """Which rules answer."""
    return {"id": ruleset.id, "digest": ruleset.digest}


def clause_data(ref: ClauseRef, program: Program) -> dict[str, Any]:
    """A clause as people cite it: the document's title and number, and our summary of a clause that is registered."""
    source = program.sources.get(ref.source)
    if source is None:
        return {"source": ref.source, "clause": ref.clause}
    found = {"source": ref.source, "clause": ref.clause, **_document(source)}
    words = Bilingual(*(references_text([ref], program.sources, lang) for lang in _LANGS))
    clause = source.clauses.get(ref.clause)
    summary = {} if clause is None else {"summary": clause.summary.as_json()}
    return {**found, "cited": words.as_json(), **summary}


def _document(source: SourceDecl) -> dict[str, Any]:
    return {"title": source.title.as_json(), "number": source.number, "issued": json_of(source.issued)}


def clauses_data(ruleset: Ruleset) -> list[dict[str, Any]]:
    """Every registered clause: where it stands, what it says in our words, and what of the rules rests on it."""
    return [_clause(one, ruleset.program) for one in accounts(ruleset.program)]


def _clause(account: ClauseAccount, program: Program) -> dict[str, Any]:
    clause = account.clause
    return {
        **clause_data(ClauseRef(clause.source, clause.id), program),
        "policies": list(account.policies),
        "targets": list(account.targets),
        "duties": list(account.duties),
        "parameters": list(account.parameters),
        "nothing": None if clause.nothing is None else clause.nothing.as_json(),
    }


def sources_data(ruleset: Ruleset) -> dict[str, Any]:
    """Every document that rules rest on."""
    return {name: _document(source) for name, source in ruleset.program.sources.items()}


def parameters_data(ruleset: Ruleset) -> list[dict[str, Any]]:
    """Every parameter with its values over time, the standing of each and the clause that states it."""
    declared = (one for one in ruleset.program.parameters.values() if one.of is None)
    return [_parameter(one, ruleset.program) for one in declared]


def _parameter(parameter: ParameterDecl, program: Program) -> dict[str, Any]:
    reading = parameter.reading
    unit = parameter.type.unit if isinstance(parameter.type, Number) else ()
    return {
        "name": parameter.name,
        "label": parameter.words.as_json(),
        "unit": Bilingual(*(unit_text(unit, program.unit_labels, lang) for lang in _LANGS)).as_json(),
        "by": list(parameter.keys),
        "values": [_value(one, parameter, program) for one in parameter.values],
        **({} if reading is None else {"reading": [why.as_json() for why in reading.reasons]}),
    }


def _value(value: DatedValue, parameter: ParameterDecl, program: Program) -> dict[str, Any]:
    rows = [
        {
            "of": None if key is None or not parameter.rows else parameter.rows[key].as_json(),
            "value": Bilingual(*(_shown(number, parameter, program, lang) for lang in _LANGS)).as_json(),
        }
        for key, number in value.values.items()
    ]
    return {
        **value.validity.as_json(),
        "values": rows,
        "worked_out": bool(value.worked_out),
        "standing": value.standing,
        "provisional": value.standing != "enacted",
        "basis": clause_data(value.basis, program),
        **({} if value.note is None else {"note": value.note.as_json()}),
    }


def _shown(number: int, parameter: ParameterDecl, program: Program, lang: Lang) -> str:
    ordered = isinstance(parameter.type, Number | Day)
    return show_value(parameter.type, (number, number) if ordered else number, program, lang)


def facts_data(ruleset: Ruleset) -> list[dict[str, Any]]:
    """Every fact that may be given, in short: whose it is, its kind, unit and codes."""
    return [_fact(one, ruleset.program) for one in ruleset.facts if one.ago == 0]


def _fact(fact: FactDecl, program: Program) -> dict[str, Any]:
    words = fact.words if fact.series is None else fact.series.words
    found: dict[str, Any] = {
        "name": fact.name if fact.series is None else fact.series.name,
        "label": words.as_json(),
        "level": fact.level,
        "kind": fact.kind,
        "required": fact.required,
    }
    if isinstance(fact.type, Number):
        found["unit"] = Bilingual(*(unit_text(fact.type.unit, program.unit_labels, lang) for lang in _LANGS)).as_json()
    if isinstance(fact.type, Code):
        found["choices"] = [
            {"code": one.code, **one.words.as_json()} for one in program.code_lists[fact.type.code_list].codes
        ]
    if fact.series is not None:
        found["by"] = fact.series.each
    return found


def matching(entries: Iterable[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    """Those in which every word of a text stands, whatever the case; without words all of them."""
    words = text.casefold().split()
    return [one for one in entries if all(word in " ".join(_texts(one)).casefold() for word in words)]


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple():
            for one in value:
                yield from _texts(one)
