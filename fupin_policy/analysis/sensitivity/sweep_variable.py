"""The fact that runs in a `Sensitivity`: which it is, what rests on it, and a household with another value of it.

In: `家庭纯收入`, `m1.出生日期` or `赡养人[2].月收入` as asked, bounds as text. Out: a `SweepVariable` and bounds in the
fact's units.
Called by `segments` and `cli`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.dependencies import references
from fupin_policy.core.expressions import Fact, Items, Ref, walk
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.subjects import HouseholdFacts, Item, Whose, list_of, lists_in, with_values
from fupin_policy.core.types import Day, Number
from fupin_policy.diagnostics import InputError, Reporter, suggest
from fupin_policy.intake.scalars import Unreadable, number_text, read_days, read_number


@dataclass(frozen=True, slots=True)
class SweepVariable:
    """The fact that runs: its declaration, and whose it is (a member's id, or None for the household).

    Of an item's fact `of` is the list and `item` its place in it, from 0.
    """

    fact: FactDecl
    member: str | None
    of: ListDecl | None = None
    item: int | None = None

    @property
    def label(self) -> str:
        """`家庭纯收入`, `m1.出生日期`, or `赡养人[2].月收入`."""
        name = self.fact.label
        if self.of is not None and self.item is not None:
            name = f"{self.of.label}[{self.item + 1}].{name}"
        return name if self.member is None else f"{self.member}.{name}"

    def whose(self, program: Program, household: Household) -> Whose:
        """The member by position, or the item, whose fact it is; None for the household."""
        owner = None if self.member is None else household.ids.index(self.member)
        if self.of is None or self.item is None:
            return owner
        slots = HouseholdFacts.of(program, household).lists[self.of.name].slots
        return Item(self.of.name, slots[owner or 0][self.item], owner, self.item)


def columns(program: Program, fact: FactDecl) -> tuple[int, ...]:
    """The columns that a fact fills: none where no rule reads it, several where it holds several codes."""
    inputs = program.inputs_of(fact.level)
    return tuple(index for index, one in enumerate(inputs) if one.id.fact == fact.name)


def resting(snapshot: Snapshot, names: frozenset[InputId]) -> tuple[Dated, ...]:
    """The definitions that read one of the inputs, through others too."""
    found = snapshot.dependencies.dependents(names)
    return tuple(one for one in snapshot.definitions if one.id in found)


def rules_of(snapshot: Snapshot, fact: FactDecl) -> tuple[int, ...]:
    """The positions of the policies that rest on a fact."""
    found = snapshot.dependencies.dependents(names_of(snapshot.program, fact))
    return tuple(i for i, rule in enumerate(snapshot.rules) if rule.outcome in found or rule.payable in found)


def rules_of_everybody(snapshot: Snapshot, fact: FactDecl) -> frozenset[int]:
    """Those of them that rest on it for every member, and not only for the one whose fact it is."""
    names, dependencies = names_of(snapshot.program, fact), snapshot.dependencies
    found = dependencies.dependents(names)
    shared: set[DefinitionId] = set()
    for one in (one for one in snapshot.definitions if one.id in found):
        gathered = references(*(node for node in walk(one.expr) if isinstance(node, Items)))
        if (
            fact.level != "member"
            or one.level != "member"
            or not shared.isdisjoint(dependencies.named(one.id))
            or any(isinstance(node, Fact) and node.input in names for node in gathered)
            or any(isinstance(node, Ref) and node.definition in found for node in gathered)
        ):
            shared.add(one.id)
    return frozenset(i for i, rule in enumerate(snapshot.rules) if rule.outcome in shared or rule.payable in shared)


def names_of(program: Program, fact: FactDecl) -> frozenset[InputId]:
    """The names of the columns that a fact fills."""
    inputs = program.inputs_of(fact.level)
    return frozenset(inputs[column].id for column in columns(program, fact))


def changed(
    program: Program, household: Household, varied: SweepVariable, where: tuple[int, ...], values: tuple[Value, ...]
) -> Household:
    """The household with other values in the fact's columns."""
    whose = varied.whose(program, household)
    return with_values(program, household, [(whose, at, value) for at, value in zip(where, values, strict=True)])


def held(program: Program, household: Household, varied: SweepVariable, where: tuple[int, ...]) -> tuple[Value, ...]:
    """What the household's columns of the fact hold."""
    facts, whose = household.facts, varied.whose(program, household)
    if isinstance(whose, Item):
        facts = list_of(program, household, whose.list, whose.owner).items[whose.number or 0]
    elif varied.member is not None:
        facts = next(one.facts for one in household.members if one.id == varied.member)
    return tuple(facts[column] for column in where)


def asked(words: str, snapshot: Snapshot, household: Household) -> SweepVariable:
    """The fact that somebody means. Raises InputError: no such fact or member, or no rule reads it on the day."""
    known = {key: fact for fact in snapshot.program.facts for key in fact.keys}
    ids = household.ids
    listed = _IN_LIST.fullmatch(words)
    if listed is not None:
        return _asked_of_item(listed, snapshot, household)
    whose, _, name = words.rpartition(".") if words not in known else ("", "", words)
    if name not in known:
        raise InputError.of("H011", "--vary", suggestion=suggest(name, known), name=name)
    fact = known[name]
    if fact.level in snapshot.program.item_inputs:
        raise InputError.of("H100", "--vary", name=fact.label, known=_items_known(snapshot.program, household, fact))
    if fact.level != "member" and whose not in ("", fact.level, "village", "村"):
        raise InputError.of("H080", "--vary", name=fact.label)
    if fact.level == "member" and whose == "" and len(ids) != 1:
        raise InputError.of("H081", "--vary", name=fact.label, known=[f"{one}.{fact.label}" for one in ids])
    if fact.level == "member" and whose != "" and whose not in ids:
        raise InputError.of("H082", "--vary", suggestion=suggest(whose, ids), member=whose, known=list(ids))
    if not rules_of(snapshot, fact):
        raise InputError.of("H083", "--vary", name=fact.label)
    return SweepVariable(fact, (whose or ids[0]) if fact.level == "member" else None)


def _asked_of_item(found: re.Match[str], snapshot: Snapshot, household: Household) -> SweepVariable:
    """`m1.就医记录[2].额`: the fact of an item that there surely is. Raises InputError."""
    program, (_, member, name, number, fact_name) = snapshot.program, (None, *found.groups())
    declared = next((one for one in program.lists if name in one.keys), None)
    facts = {key: one for one in program.facts if declared and one.level == declared.name for key in one.keys}
    if declared is None or fact_name not in facts:
        raise InputError.of("H011", "--vary", suggestion=suggest(fact_name, facts), name=fact_name)
    fact, items = facts[fact_name], _items_known(program, household, facts[fact_name])
    varied = SweepVariable(fact, member, declared, int(number) - 1)
    if varied.label not in items:
        raise InputError.of("H100", "--vary", name=fact.label, known=items)
    if not rules_of(snapshot, fact):
        raise InputError.of("H083", "--vary", name=fact.label)
    return varied


def _items_known(program: Program, household: Household, fact: FactDecl) -> list[str]:
    """Of which items a fact may be asked for: those that there surely are."""
    declared, given = next((one, those) for one, those in lists_in(program, household) if one.name == fact.level)
    owners = household.ids if declared.of == "member" else (None,)
    pairs = zip(owners, given, strict=True)
    return [SweepVariable(fact, owner, declared, at).label for owner, one in pairs for at in range(len(one.items))]


_IN_LIST = re.compile(r"(?:([^\[\]]+)\.)?([^\[\].]+)\[(\d+)\]\.(.+)")
"""A member, a list, a number from 1, a fact."""


def bounds(varied: SweepVariable, day: int, first: str | None, last: str | None) -> Interval:
    """From where to where a number or date runs: what is asked for, else the declared range (of the past, to the day).

    Raises InputError: not readable, outside of the range, the wrong way round, or of a fact without order.
    """
    reporter, fact = Reporter(), varied.fact
    if not isinstance(fact.type, Number | Day):
        if first is not None or last is not None:
            raise InputError.of("H084", "--from" if first is not None else "--to", name=fact.label)
        return (0, 0)
    low, high = fact.type.low, min(fact.type.high, day) if fact.past else fact.type.high
    start = low if first is None else _read(fact, first, "--from", 0, reporter)
    end = high if last is None else _read(fact, last, "--to", 1, reporter)
    if fact.past and first is not None and start is not None and start > day:
        reporter.report("H028", "--from", given=first, as_of=to_date(day))
    start, end = reporter.result(start, InputError), min(reporter.result(end, InputError), high)
    if start > end:
        raise InputError.of("H085", "--from", first=value_text(fact, start), last=value_text(fact, end))
    return start, end


def _read(fact: FactDecl, text: str, option: str, end: int, reporter: Reporter) -> int | None:
    try:
        if isinstance(fact.type, Day):
            return read_days(text, fact.type)[end]
        assert isinstance(fact.given_type, Number)
        return read_number(text, fact.given_type)
    except Unreadable as error:
        for fault in error.faults:
            reporter.report(fault.code, option, suggestion=fault.suggestion, **dict(fault.args))
        return None


def value_text(fact: FactDecl, value: int) -> str:
    """A value as it is given: a date, or a number in the declared unit without needless zeros."""
    if isinstance(fact.type, Day):
        return to_date(value).isoformat()
    scale = fact.given_scale
    text = number_text(value, scale) if scale >= 0 else str(value * 10**-scale)
    return text.rstrip("0").rstrip(".") if "." in text else text
