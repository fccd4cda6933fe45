"""The interpreter's values where a few facts, or the day, are supposed otherwise: only what rests on them is done anew.

In: a `Snapshot`, a `Household`, a day; then facts with other values. Out: the values of definitions. Called by
`explanation` and `analysis.interview`, which suppose hundreds of things of one household. What a node is worth is
for `traversal` to say; here is only what it rests on, and what is known of it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fupin_policy.core.expressions import AsOf, Expr, Fact, Items, Level, Ref, children
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.policies import Policy
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.subjects import HouseholdFacts, Item, Whose, alone, meant, position, whose_input
from fupin_policy.evaluators.interpreter import PossibleValues
from fupin_policy.evaluators.traversal import Traversal

Supposed = tuple[Whose, int, Value]
"""What one input may be: whose it is (a member by position, an item, None for the household), its position among the
inputs of these, the value."""

_HOUSEHOLD, _MEMBER, _ITEM, _PAIR = range(4)
"""Of whom a node has a value of its own: of nobody, of each member, of each item, of each pair of items."""


@dataclass(frozen=True, slots=True, eq=False)
class IncrementalNode:
    """A node with what it rests on, as bits: the household's inputs, the day and items' inputs; a member's own; those
    of any member.

    `parts` are by the identity of the operand. `varies`: of whom it has a value.
    """

    number: int
    expr: Expr
    parts: Mapping[int, IncrementalNode]
    varies: int
    shared: int
    own: int
    inner: int


@dataclass(slots=True)
class Net:
    """The cells of a snapshot's definitions, parts before wholes. What stands twice in one is one cell."""

    snapshot: Snapshot
    of: dict[DefinitionId, IncrementalNode] = field(default_factory=dict)
    """By definition."""
    levels: dict[DefinitionId, Level] = field(default_factory=dict)
    """Of whom each definition is."""
    _shared: dict[InputId, int] = field(default_factory=dict)
    _own: dict[InputId, int] = field(default_factory=dict)
    _items: dict[InputId, int] = field(default_factory=dict)
    """Those of the items of any list: whose an item's is makes no difference to what rests on it."""
    _lists: dict[Level, int] = field(default_factory=dict)
    """Of lists themselves: which items there are."""
    _count: int = 0

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Net:
        """The net of a snapshot."""
        net, program = cls(snapshot), snapshot.program
        net._shared = {one.id: 1 << at for at, one in enumerate(program.household_inputs)}
        net._own = {one.id: 1 << at for at, one in enumerate(program.member_inputs)}
        names = [one.id for inputs in program.item_inputs.values() for one in inputs]
        net._items = {name: net.days << at for at, name in enumerate(names, 1)}
        net._lists = {one.name: net.days << at for at, one in enumerate(program.lists, len(names) + 1)}
        for definition in snapshot.definitions:
            net.of[definition.id] = net._cell(definition.expr, {})
            net.levels[definition.id] = definition.level
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
        return _positions(shared & (self.days - 1)), _positions(inner)

    def of_item(self, name: Level, position: int) -> int:
        """The bit of an input of a list's items."""
        return self._items[self.snapshot.program.item_inputs[name][position].id]

    def rests_on(self, cell: IncrementalNode, name: Level) -> bool:
        """Whether a cell rests on which items a list has."""
        return bool(cell.shared & self._lists.get(name, 0))

    def alone(self, policy: Policy) -> Snapshot:
        """The snapshot with nothing but one policy and what it rests on."""
        number = self.snapshot.program.policies.index(policy)
        definitions = self.snapshot.needed(policy.results)
        return replace(self.snapshot, definitions=definitions, rules=(self.snapshot.rules[number],))

    def position(self, node: Fact) -> int:
        """Where among the inputs a fact stands, of the household's, of a member's or of an item's."""
        if node.input in self._items:
            inputs = self.snapshot.program.item_inputs[node.level]
            return next(at for at, one in enumerate(inputs) if one.id == node.input)
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
                return self._numbered(expr, {}, _PAIR if expr.outer else _MEMBER, 0, self._own[name], 0)
            case Fact(name) if name in self._items:
                return self._numbered(expr, {}, _PAIR if expr.outer else _ITEM, self._items[name], 0, 0)
            case Fact(name):
                return self._numbered(expr, {}, _HOUSEHOLD, self._shared[name], 0, 0)
            case AsOf():
                return self._numbered(expr, {}, _HOUSEHOLD, self.days, 0, 0)
        parts = {id(part): self._cell(part, known) for part in children(expr)}
        shared = own = inner = 0
        for part in parts.values():
            shared, own, inner = shared | part.shared, own | part.own, inner | part.inner
        if isinstance(expr, Items):
            if expr.list == "member":
                own, inner = 0, inner | own
            shared |= self._lists.get(expr.list, 0)
            of_owner = _MEMBER if expr.owner == "member" else _HOUSEHOLD
            pair = _MEMBER if expr.list == "member" else _ITEM
            return self._numbered(expr, parts, pair if expr.paired else of_owner, shared, own, inner)
        outer = any(isinstance(part, Ref) and part.outer for part in children(expr))
        varies = max([_PAIR if outer else _HOUSEHOLD, *(part.varies for part in parts.values())])
        return self._numbered(expr, parts, varies, shared, own, inner)

    def _numbered(
        self, expr: Expr, parts: Mapping[int, IncrementalNode], varies: int, shared: int, own: int, inner: int
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
        "_facts",
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
        supposed: Mapping[tuple[Whose, int], Value] | None = None,
    ) -> None:
        self._facts: HouseholdFacts = below._facts if below else HouseholdFacts.of(net.snapshot.program, household)
        algebra = below.algebra if below else PossibleValues()
        super().__init__(algebra, len(household.members), self._facts.lists)
        self.net, self.household, self._days, self._below = net, household, days, below
        supposed = supposed or {}
        outer: Mapping[tuple[Whose, int], Value] = below._supposed if below else {}
        self._supposed: Mapping[tuple[Whose, int], Value] = {**outer, **supposed} if outer else supposed
        """With what is supposed on those below."""
        self._found: dict[tuple[int, Whose], Value] = {}
        self._operands: Mapping[int, IncrementalNode] = {}
        """Of the node that is being worked out."""
        self.work = 0
        """How many values were worked out here."""
        self._shared = net.days if below is not None and below._days != days else 0
        self._inner = 0
        self._own: dict[Whose, int] = {}
        for member, at in supposed:
            if member is None:
                self._shared |= 1 << at
            elif isinstance(member, Item):
                self._shared |= net.of_item(member.list, at)
            else:
                self._inner |= 1 << at
                self._own[member] = self._own.get(member, 0) | 1 << at

    def supposing(self, values: Iterable[Supposed], days: Interval | None = None) -> Worksheet:
        """The same where some inputs, or the day, have these possible values."""
        supposed = {(member, position): value for member, position, value in values}
        return Worksheet(self.net, self.household, self._days if days is None else days, self, supposed)

    def of_household(self, household: Household) -> Worksheet:
        """The worksheet of another household on the same days."""
        return Worksheet(self.net, household, self._days)

    def values(self, definition: DefinitionId) -> tuple[Value, ...]:
        """What a definition is worth: one value of a household's, else one for each member, or each slot of a list."""
        cell = self.net.of[definition]
        return tuple([self.at(cell, subject) for subject in self.everybody(self.net.levels[definition])])

    def subjects(self, definition: DefinitionId) -> range:
        """Of whom a policy's result is: every member, or the household alone (0)."""
        return range(len(self.household.members) if self.net.levels[definition] == "member" else 1)

    def at(self, cell: IncrementalNode, subject: Whose) -> Value:
        """What a cell is worth, for a member or an item if that matters."""
        whose = _whose(cell, subject)
        value = self._known(cell, whose)
        return self._worked_out(cell, whose) if value is None else value

    def changes(self, definition: DefinitionId, before: Sequence[Value]) -> tuple[Value, ...]:
        """`values`, given what they were `before` on the worksheet that this one builds on."""
        cell = self.net.of[definition]
        return tuple([self.at(cell, one) if self.touched(cell, one) else value for one, value in enumerate(before)])

    def touched(self, cell: IncrementalNode, subject: Whose) -> bool:
        """Whether a cell rests, for a member or an item, on what is supposed here."""
        if cell.shared & self._shared or cell.inner & self._inner:
            return True
        if not cell.own:
            return False
        if not isinstance(subject, Item):
            return bool(cell.own & self._own.get(subject, 0))
        compared = 0 if subject.outer is None else self._own.get(position("member", subject.outer), 0)
        return bool(cell.own & (compared | self._own.get(position("member", subject), 0)))

    def _known(self, cell: IncrementalNode, whose: Whose) -> Value | None:
        """What a cell is worth if that is known, or if it rests on nothing that is supposed here."""
        key = (cell.number, whose)
        value = self._found.get(key)
        if value is None and self._below is not None and not self.touched(cell, whose):
            value = self._found[key] = self._below.at(cell, whose)
        return value

    def _worked_out(self, cell: IncrementalNode, whose: Whose) -> Value:
        """What a cell is worth. What waits for its parts is in a list, as calls could nest too deep."""
        waiting = [(cell, whose)]
        while waiting:
            wanted, subject = waiting[-1]
            if open_parts := self._open_parts(wanted, subject):
                waiting += open_parts
                continue
            waiting.pop()
            self.work += 1
            self._operands = wanted.parts
            self._found[wanted.number, subject] = self.step(wanted.expr, subject)
        return self._found[cell.number, whose]

    def _open_parts(self, cell: IncrementalNode, subject: Whose) -> list[tuple[IncrementalNode, Whose]]:
        """The parts of a cell that are not known yet, each with whom it is asked of."""
        found, known = self._found, self._known
        if isinstance(subject, Item) or isinstance(cell.expr, Items):
            asked = self._asked(cell, subject)
            return [(part, one) for part, one in asked if (part.number, one) not in found and known(part, one) is None]
        # most nodes are no aggregates and asked of no item: of them a part is asked of the same subject, or of nobody
        return [
            (part, one)
            for part in cell.parts.values()
            if (part.number, one := subject if part.varies else None) not in found and known(part, one) is None
        ]

    def _asked(self, cell: IncrementalNode, subject: Whose) -> Iterator[tuple[IncrementalNode, Whose]]:
        """The parts of a cell, each with whom it is asked of: of an aggregate with every item."""
        node = cell.expr
        inside: Sequence[Whose] = (subject,)
        if isinstance(node, Items):
            items, further, more = self.inside(node, subject)
            inside = [*items, further] if more else items
        for operand in children(node):
            part = cell.parts[id(operand)]
            of_owner = isinstance(node, Items) and operand is node.default
            for one in (subject,) if of_owner else inside:
                yield part, _whose(part, meant(operand, one) if isinstance(operand, Ref) else one)

    def value(self, expr: Expr, subject: Whose) -> Value:
        """What an operand of the node that is being worked out is worth: that is known by then."""
        part = self._operands[id(expr)]
        if not isinstance(subject, Item):
            return self._found[part.number, subject if part.varies else None]
        return self._found[part.number, _whose(part, meant(expr, subject) if isinstance(expr, Ref) else subject)]

    def fact(self, node: Fact, subject: Whose) -> Value:
        """What an input is worth here: as supposed last, on this worksheet or on one below; else as it is given."""
        if self._supposed:
            if isinstance(subject, Item):
                whose = whose_input(node.level, subject)
            else:
                whose = subject if node.level == "member" else None
            supposed = self._supposed.get((whose, self.net.position(node)))
            if supposed is not None:
                return supposed
        return self._facts.value(node, subject)

    def as_of(self, node: AsOf) -> Interval:
        """The first and the last day that the day of the decision may be."""
        return self._days


def _whose(cell: IncrementalNode, subject: Whose) -> Whose:
    """Of whom a cell's value is, to somebody who asks for it."""
    if not isinstance(subject, Item):
        return subject if cell.varies else None
    match cell.varies:
        case 0:
            return None
        case 1:
            return position("member", subject)
        case 2:
            return alone(subject)
        case _:
            return subject
