"""One program for each kind of subject: households with their members, and each kind of place that has rules.

In: a whole ruleset's program. Out: the same, with what is about one kind of subject apart. Called by `program`.
To an evaluator a place is a household without members, so that every backend serves it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fupin_policy.check.organisations import Organisations
from fupin_policy.core.declarations import CodeList, FactDecl, Input
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, ErrorType, Truth

_HOUSEHOLD: tuple[Level, ...] = ("household", "member")


def by_subject(whole: Program, known: Organisations) -> Program:
    """The program of households, with one below it for each kind of place that has policies, targets or figures."""
    ruled = {policy.level for policy in whole.policies} | {target.level for target in whole.targets}
    ruled |= {figure.level for figure in whole.figures}
    lists = {one.name for one in whole.lists}
    below = {kind: _place(whole, known, kind) for kind in sorted(ruled - set(_HOUSEHOLD) - lists)}
    return replace(_household(whole, known, "village" in below), duties=whole.duties, by_place=below)


def _household(whole: Program, known: Organisations, apart: bool) -> Program:
    """Facts of the village are kept where a rule uses them, or where villages have no rules of their own."""
    of_items = tuple(one.name for one in whole.lists)
    kept = _about(whole, (*_HOUSEHOLD, *of_items))
    read = {one.fact for one in whole.dependencies.facts(one.id for one in kept.definitions)}
    facts = [
        f
        for f in whole.facts
        if f.level in (*_HOUSEHOLD, *of_items) or (f.level == "village" and (f.name in read or not apart))
    ]
    return _with_facts(replace(kept, departments=known.seen_from(("household", "village"))), tuple(facts))


def _place(whole: Program, known: Organisations, kind: Level) -> Program:
    facts = tuple(replace(fact, level="household") for fact in whole.facts if fact.level == kind)
    apart = replace(
        _about(whole, (kind,)), subject=kind, lists=(), departments=known.seen_from((kind,)), duties=(), audiences=()
    )
    return _with_facts(replace(apart, min_members=0, max_members=0), facts)


def _about(whole: Program, levels: tuple[Level, ...]) -> Program:
    policies = tuple(policy for policy in whole.policies if policy.level in levels)
    ids = {policy.id for policy in policies}
    reached = whole.dependencies.closure(one.id for one in whole.definitions if one.level in levels)
    return replace(
        whole,
        policies=policies,
        groups=tuple(group for group in whole.groups if ids & set(group.policies)),
        definitions=tuple(one for one in whole.definitions if one.id in reached),
        targets=tuple(target for target in whole.targets if target.level in levels),
        figures=tuple(figure for figure in whole.figures if figure.level in levels),
    )


def _with_facts(program: Program, facts: tuple[FactDecl, ...]) -> Program:
    names = [one.name for one in program.lists]
    shared, own, items = inputs(facts, program.code_lists, names)
    return replace(program, facts=facts, household_inputs=shared, member_inputs=own, item_inputs=items)


def inputs(
    facts: tuple[FactDecl, ...], lists: Mapping[str, CodeList], of_items: Sequence[Level]
) -> tuple[tuple[Input, ...], tuple[Input, ...], dict[Level, tuple[Input, ...]]]:
    """The columns that evaluators read: the household's and village's, the members', and those of items by list."""
    shared: list[Input] = []
    own: list[Input] = []
    items: dict[Level, list[Input]] = {name: [] for name in of_items}
    for fact in sorted(facts, key=lambda fact: ((fact.series or fact).name, fact.ago)):
        if fact.type is None or isinstance(fact.type, ErrorType):
            continue
        columns = own if fact.level == "member" else items.get(fact.level, shared)
        if fact.kind == "codes" and isinstance(fact.type, Code):
            names = [InputId(fact.name, code.name) for code in lists[fact.type.code_list].codes]
            columns += [Input(name, fact.level, Truth(), False, fact.required) for name in names]
        else:
            columns.append(Input(InputId(fact.name), fact.level, fact.type, fact.past, fact.required))
    return tuple(shared), tuple(own), {name: tuple(columns) for name, columns in items.items()}
