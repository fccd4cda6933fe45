"""The interpreter's values where a few facts, or the day, are supposed otherwise: only what rests on them is done anew.

In: a `Snapshot`, a `Household`, a day; then facts with other values. Out: the values of definitions. Called by
`explanation` and `analysis.interview`, which suppose hundreds of things of one household. What a node is worth is
for `traversal` to say; here is only what it rests on, and what is known of it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fupin_policy.core.expressions import AsOf, Expr, Fact, Members, Ref, children
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.policies import Policy
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.evaluators.interpreter import PossibleValues
from fupin_policy.evaluators.traversal import Traversal

Supposed = tuple[int | None, int, Value]
"""What one input may be: a member's position or None for the household, the input's position, the value."""

_NOBODY = -1
"""Stands for the member where a value is the household's."""


@dataclass(frozen=True, slots=True, eq=False)
class IncrementalNode:
    """A node with what it rests on, as bits: the household's inputs and the day, a member's own, those of any member.

    `parts` are by the identity of the operand. `varies`: it has a value for each member.
    """

    number: int
    expr: Expr
    parts: Mapping[int, IncrementalNode]
    varies: bool
    shared: int
    own: int
    inner: int


@dataclass(slots=True)
class Net:
    """The cells of a snapshot's definitions, parts before wholes. What stands twice in one is one cell."""

    snapshot: Snapshot
    of: dict[DefinitionId, IncrementalNode] = field(default_factory=dict)
    """By definition."""
    for_members: dict[DefinitionId, bool] = field(default_factory=dict)
    """Whether a definition is of each member."""
    _shared: dict[InputId, int] = field(default_factory=dict)
    _own: dict[InputId, int] = field(default_factory=dict)
    _count: int = 0

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Net:
        """The net of a snapshot."""
        net, program = cls(snapshot), snapshot.program
        net._shared = {one.id: 1 << at for at, one in enumerate(program.household_inputs)}
        net._own = {one.id: 1 << at for at, one in enumerate(program.member_inputs)}
        for definition in snapshot.definitions:
            net.of[definition.id] = net._cell(definition.expr, {})
            net.for_members[definition.id] = definition.level == "member"
        return net

    @property
    def days(self) -> int:
        """The bit of the day asked about."""
        return 1 << len(self._shared)

    def read(self, cells: Iterable[IncrementalNode]) -> tuple[list[int], list[int]]:
        """The positions of all inputs that cells rest on: of the household's, and of a member's."""
        shared = inner = 0
        for cell in cells:
            shared, inner = shared | cell.shared, inner | cell.own | cell.inner
        return _positions(shared & ~self.days), _positions(inner)

    def alone(self, policy: Policy) -> Snapshot:
        """The snapshot with nothing but one policy and what it rests on."""
        number = self.snapshot.program.policies.index(policy)
        definitions = self.snapshot.needed(policy.results)
        return replace(self.snapshot, definitions=definitions, rules=(self.snapshot.rules[number],))

    def position(self, node: Fact) -> int:
        """Where among the inputs a fact stands, of the household's or of a member's."""
        return (self._own if node.level == "member" else self._shared)[node.input].bit_length() - 1

    def _cell(self, expr: Expr, known: dict[int, IncrementalNode]) -> IncrementalNode:
        found = known.get(id(expr))
        if found is None:
            found = known[id(expr)] = self._made(expr, known)
        return found

    def _made(self, expr: Expr, known: dict[int, IncrementalNode]) -> IncrementalNode:
        match expr:
            case Ref(definition):
                return self.of[definition]
            case Fact(name, "member"):
                return self._numbered(expr, {}, True, 0, self._own[name], 0)
            case Fact(name):
                return self._numbered(expr, {}, False, self._shared[name], 0, 0)
            case AsOf():
                return self._numbered(expr, {}, False, self.days, 0, 0)
        parts = {id(part): self._cell(part, known) for part in children(expr)}
        shared = own = inner = 0
        for part in parts.values():
            shared, own, inner = shared | part.shared, own | part.own, inner | part.inner
        if isinstance(expr, Members):
            return self._numbered(expr, parts, False, shared, 0, inner | own)
        return self._numbered(expr, parts, any(part.varies for part in parts.values()), shared, own, inner)

    def _numbered(
        self, expr: Expr, parts: Mapping[int, IncrementalNode], varies: bool, shared: int, own: int, inner: int
    ) -> IncrementalNode:
        self._count += 1
        return IncrementalNode(self._count, expr, parts, varies, shared, own, inner)


def _positions(bits: int) -> list[int]:
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


class Worksheet(Traversal[int, Interval, int]):
    """What cells are worth for a household, worked out when asked for. `supposing` gives another that builds on it."""

    __slots__ = (
        "_below",
        "_days",
        "_found",
        "_inner",
        "_operands",
        "_own",
        "_shared",
        "_supposed",
        "household",
        "net",
        "work",
    )

    def __init__(
        self,
        net: Net,
        household: Household,
        days: Interval,
        below: Worksheet | None = None,
        supposed: Mapping[tuple[int | None, int], Value] | None = None,
    ) -> None:
        super().__init__(PossibleValues(), len(household.members))
        self.net, self.household, self._days, self._below = net, household, days, below
        self._supposed = supposed or {}
        self._found: dict[tuple[int, int], Value] = {}
        self._operands: Mapping[int, IncrementalNode] = {}
        """Of the node that is being worked out."""
        self.work = 0
        """How many values were worked out here."""
        self._shared = net.days if below is not None and below._days != days else 0
        self._inner = 0
        self._own: dict[int, int] = {}
        for member, position in self._supposed:
            if member is None:
                self._shared |= 1 << position
            else:
                self._inner |= 1 << position
                self._own[member] = self._own.get(member, 0) | 1 << position

    def supposing(self, values: Iterable[Supposed], days: Interval | None = None) -> Worksheet:
        """The same where some inputs, or the day, have these possible values."""
        supposed = {(member, position): value for member, position, value in values}
        return Worksheet(self.net, self.household, self._days if days is None else days, self, supposed)

    def values(self, definition: DefinitionId) -> tuple[Value, ...]:
        """What a definition is worth: one value of a household's, one for each member of a member's."""
        cell = self.net.of[definition]
        return tuple([self.at(cell, subject) for subject in self.subjects(definition)])

    def subjects(self, definition: DefinitionId) -> range:
        """Of whom a definition is: every member, or the household alone (0)."""
        return range(len(self.household.members) if self.net.for_members[definition] else 1)

    def at(self, cell: IncrementalNode, member: int) -> Value:
        """What a cell is worth, for a member if that matters."""
        whose = member if cell.varies else _NOBODY
        value = self._known(cell, whose)
        return self._worked_out(cell, whose) if value is None else value

    def changes(self, definition: DefinitionId, before: Sequence[Value]) -> tuple[Value, ...]:
        """`values`, given what they were `before` on the worksheet that this one builds on."""
        cell = self.net.of[definition]
        return tuple([self.at(cell, one) if self.touched(cell, one) else value for one, value in enumerate(before)])

    def touched(self, cell: IncrementalNode, member: int) -> bool:
        """Whether a cell rests, for a member, on what is supposed here."""
        return bool(cell.shared & self._shared or cell.inner & self._inner or cell.own & self._own.get(member, 0))

    def _known(self, cell: IncrementalNode, whose: int) -> Value | None:
        """What a cell is worth if that is known, or if it rests on nothing that is supposed here."""
        key = (cell.number, whose)
        value = self._found.get(key)
        if value is None and self._below is not None and not self.touched(cell, whose):
            value = self._found[key] = self._below.at(cell, whose)
        return value

    def _worked_out(self, cell: IncrementalNode, whose: int) -> Value:
        """What a cell is worth. What waits for its parts is in a list, as calls could nest too deep."""
        waiting = [(cell, whose)]
        while waiting:
            wanted, member = waiting[-1]
            # of what is asked about members the parts of every member are meant
            subjects: Sequence[int] = self.members if isinstance(wanted.expr, Members) else (member,)
            open_parts = [
                (part, one)
                for part in wanted.parts.values()
                for one in (subjects if part.varies else (_NOBODY,))
                if (part.number, one) not in self._found and self._known(part, one) is None
            ]
            if open_parts:
                waiting += open_parts
                continue
            waiting.pop()
            self.work += 1
            self._operands = wanted.parts
            self._found[wanted.number, member] = self.step(wanted.expr, member)
        return self._found[cell.number, whose]

    def value(self, expr: Expr, member: int | None) -> Value:
        """What an operand of the node that is being worked out is worth: that is known by then."""
        part = self._operands[id(expr)]
        return self._found[part.number, member if part.varies and member is not None else _NOBODY]

    def fact(self, node: Fact, member: int | None) -> Value:
        """What an input is worth here."""
        whose, position = member if node.level == "member" else None, self.net.position(node)
        supposed = self._supposed.get((whose, position))
        if supposed is not None:
            return supposed
        facts = self.household.facts if whose is None else self.household.members[whose].facts
        return facts[position]

    def as_of(self, node: AsOf) -> Interval:
        """The first and the last day that the day of the decision may be."""
        return self._days
