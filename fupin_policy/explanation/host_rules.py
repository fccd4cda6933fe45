"""All that hosts outside Python explain by: the rules of every day as nodes, who is behind them, and the sentences.

In: a program. Out: plain data, which `fupin compile --explanations` writes beside the manifest. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os.path import commonpath
from pathlib import Path
from typing import Any

from fupin_policy.core.benefits import sign
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Group, ParameterWindow, Policy, Window
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot, breakpoints, snapshots, value_on
from fupin_policy.core.types import Number, Type
from fupin_policy.diagnostics.showing import wide_signs
from fupin_policy.explanation.host_nodes import HostTables, NodeWriter
from fupin_policy.explanation.parameter_uses import roots_of
from fupin_policy.explanation.reasons import clause_words, preference_words, spans_words
from fupin_policy.prose.sentences import SENTENCES

VERSION = 3
"""Of the form of what is written here; hosts refuse any other."""
PERIOD = "\ue000"
"""Before a letter (m, y) and three digits: the month or year so long before the day asked about, as its name has it."""


def host_rules(program: Program) -> dict[str, Any]:
    """What a host needs to explain by the rules of a program, on every day that it covers."""
    named = _with_periods(program)
    tables = HostTables(named)
    definitions = [{**tables.definition(one.id, one.level), "steps": [], "bounded": []} for one in program.evaluated]
    policies = [{**_policy(tables, policy), "steps": []} for policy in program.policies]
    for one in snapshots(program):
        snapshot, day = replace(one, program=named), one.validity.start
        writer = NodeWriter(tables, snapshot)
        types = {dated.id: dated.type for dated in snapshot.definitions}
        worked_out = _worked_out(snapshot)
        bounded = {dated.id: dated for dated in snapshot.as_bounded if dated.id in worked_out}
        for own, dated in zip(definitions, snapshot.definitions, strict=True):
            number = writer.write(dated.expr)
            _step(own["steps"], day, number)
            if dated.id in bounded:
                own.update(tables.name(dated, writer.words))
                _step(own["bounded"], day, writer.write(bounded[dated.id].expr))
        for own, rule in zip(policies, snapshot.rules, strict=True):
            _step(own["steps"], day, _rule(writer, rule, types))
    return {
        "version": VERSION,
        "policies": policies,
        "groups": [_group(tables, group) for group in program.groups],
        "definitions": [_without_same(one) for one in definitions],
        "nodes": tables.nodes.values,
        "types": tables.types.values,
        "codes": _codes(program, tables.types.values),
        "texts": tables.texts.values,
        "spans": _without_folder(tables.spans.values),
        "uses": tables.uses.values,
        "english": _english(program),
        "parameters": {name: [*one.called.both, *one.words.both] for name, one in program.parameters.items()},
        "sources": _sources(program),
        "wide": wide_signs(),
        "sentences": {name: [words.zh, words.en] for name, words in SENTENCES.items()},
    }


def _with_periods(program: Program) -> Program:
    """The program with the facts of months and years called by how long ago these are."""

    def called(fact: FactDecl) -> FactDecl:
        series = fact.series
        if series is None:
            return fact
        period = f"{PERIOD}{series.each[0]}{fact.ago:03}"
        return replace(fact, label=f"{series.words.zh} {period}", label_en=f"{series.words.en} {period}")

    return replace(program, facts=tuple(map(called, program.facts)))


def _step(steps: list[list[Any]], day: int, value: Any) -> None:
    """What holds from a day on, where that is not what held before."""
    if not steps or steps[-1][1] != value:
        steps.append([day, value])


def _without_same(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition without what it is as it is written, where that is the same on all days."""
    bounded = definition.pop("bounded")
    return definition if bounded in ([], definition["steps"]) else {**definition, "bounded": bounded}


def _rule(writer: NodeWriter, rule: Rule, types: Mapping[DefinitionId, Type]) -> dict[str, Any] | None:
    """A policy on the days of a snapshot; None where it is not in force."""
    if rule.version is None:
        return None
    amount = None if rule.payable is None else types.get(rule.payable)
    return {
        "starts": rule.version.starts,
        "per": rule.version.benefit.per,
        "pays": sign(rule.version.benefit.kind) < 0,
        "way": sign(rule.version.benefit.kind),
        **({"pay": list(rule.version.benefit.pay)} if rule.version.benefit.pay else {}),
        **_window(writer.snapshot.program, rule.version.benefit.window),
        "rests": [writer.tables.definitions[one] for one in roots_of(writer.snapshot, types, rule)],
        **({} if amount is None else {"amount": writer.tables.type(amount, writer.words)}),
    }


def _window(program: Program, window: Window | ParameterWindow | None) -> dict[str, Any]:
    """In which days of a year it comes once; of parameters also from which day on which day opened it last."""
    match window:
        case None:
            return {}
        case Window(start, end):
            return {"window": {"days": [[one.month, one.day] for one in (start, end)]}}
        case ParameterWindow(first, last):
            opens: list[list[Any]] = []
            for edge in breakpoints(program):
                dated = value_on(program, first, None, edge)
                _step(opens, edge, None if dated is None else dated.values[None])
            return {"window": {"parameters": [first, last], "opens": opens}}


def _policy(tables: HostTables, policy: Policy) -> dict[str, Any]:
    own = {"condition": policy.condition, "outcome": policy.outcome, "stated": policy.stated}
    if policy.chooses:
        own["beneficiary"] = policy.beneficiary
    if policy.has_amount:
        own["payable"] = policy.payable
    if policy.answers:
        own["answering"] = policy.answering
    return {**{name: str(one) for name, one in own.items()}, "in_force": tables.text(spans_words(policy))}


def _group(tables: HostTables, group: Group) -> dict[str, Any]:
    """The policies of a group, each with what is said where it is drawn in place of another."""
    titles = (tables.titles[policy] for policy in group.policies)
    said = [tables.text(preference_words(group.title, title, group.keep)) for title in titles]
    own = {"id": group.id, "keep": group.keep, "title": tables.text(group.title)}
    return {**own, "policies": list(group.policies), "said": said}


def _worked_out(snapshot: Snapshot) -> frozenset[DefinitionId]:
    """The numbers that amounts rest on: they have lines of their own in sums."""
    amounts = [rule.payable for rule in snapshot.rules if rule.payable is not None]
    closure = snapshot.in_force.closure(amounts)
    return frozenset(one.id for one in snapshot.definitions if one.id in closure and isinstance(one.type, Number))


def _english(program: Program) -> dict[str, str]:
    """What facts, series of facts and lists are called in English, by name; in Chinese they are in the manifest."""
    facts = {fact.name: fact.words.en for fact in program.facts if fact.series is None}
    series = {fact.series.name: fact.series.words.en for fact in program.facts if fact.series is not None}
    return {**facts, **series}


def _sources(program: Program) -> dict[str, list[str]]:
    """How the sources are cited on whose clauses policies rest, by id."""
    versions = (version for policy in program.policies for version in policy.versions)
    used = dict.fromkeys(ref.source for version in versions for ref in version.basis)
    return {name: [*clause_words(program, ClauseRef(name, "")).both] for name in used}


def _codes(program: Program, types: Iterable[list[Any]]) -> dict[str, list[list[str]]]:
    """The words for the codes of each list that a type names."""
    used = dict.fromkeys(type_[1] for type_ in types if type_[0] == "code")
    return {name: [[*code.words.both] for code in program.code_lists[name].codes] for name in used}


def _without_folder(spans: Iterable[list[Any]]) -> list[list[Any]]:
    """Places with files by their names within the folder that has all of them."""
    found = [*spans]
    if not found:
        return []
    folder = Path(commonpath([Path(path).parent for path, _, _ in found]))
    return [[f"{Path(path).relative_to(folder).as_posix()}:{line}", text] for path, line, text in found]
