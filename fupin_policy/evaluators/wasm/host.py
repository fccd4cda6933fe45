"""Runs a module for one household at a time.

In: a `Program`, its module, households. Out: `Findings`, as the interpreter gives them. Called by `ruleset`.
Threads share an evaluator: each call takes an instance from a pool, or makes one, and puts it back.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from operator import attrgetter, itemgetter
from struct import Struct
from typing import Any

import wasmtime

from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import FactNeed, Need, ParameterNeed
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.traces import Findings
from fupin_policy.evaluators.wasm.calls import Call, plain_call
from fupin_policy.evaluators.wasm.layout import AS_OF, LETTERS, Layout, MemoryColumn, layout_of
from fupin_policy.evaluators.wasm.loading import module_of
from fupin_policy.evaluators.wasm.manifest import read_manifest
from fupin_policy.evaluators.wasm.relevance import needs_of, stride_of

_Ends = tuple[slice, slice | None]
"""Where the values of an output are: those of one subject, or masks of all; else the low ends and the high ends."""
_Picker = Callable[[Sequence[Any]], tuple[Any, ...]]

_DATE = Struct("<i")
_FACTS = attrgetter("facts")


class WasmEvaluator:
    """A compiled program, ready to decide households. `serialized` is what `serialize` once gave, to load faster."""

    def __init__(self, program: Program, wasm: bytes, serialized: bytes | None = None) -> None:
        self._program = program
        self._layout = layout_of(program)
        manifest = read_manifest(wasm)
        if manifest["digest"] != program.digest:
            raise ValueError("the module was not compiled from this ruleset")
        self._heap: int = manifest["header"]["heap"]
        self._engine = wasmtime.Engine()
        self._module = module_of(self._engine, wasm, serialized)
        self._pool: list[_Instance] = []
        # at exit, too, while wasmtime is still whole: later its objects could not be released quietly
        weakref.finalize(self, _release, self._pool, self._module, self._engine)
        self._forms: dict[int, _Form] = {}
        self._needs, self._stride = needs_of(program), stride_of(program)
        self._flatten_household = _flattener(self._layout.household_inputs)
        self._flatten_member = _flattener(self._layout.member_inputs)

    def serialize(self) -> bytes:
        """The module as compiled for this machine, for a cache."""
        return bytes(self._module.serialize())

    def evaluate(self, household: Household, as_of: int) -> Findings:
        """Every rule's outcome and payable amount. Raises ValueError for a day not covered or too many members."""
        form = self._forms.get(len(household.members)) or self._form(len(household.members))
        instance = self._filled(household, as_of, form)
        instance.run(instance.store)
        found = form.outputs.unpack_from(instance.memory, form.results)
        self._pool.append(instance)
        return form.findings(found)

    def needs(self, household: Household, as_of: int) -> tuple[tuple[Need, ...], ...]:
        """For each question of the program the inputs that keep it open. Raises ValueError as `evaluate` does."""
        form = self._forms.get(len(household.members)) or self._form(len(household.members))
        instance = self._filled(household, as_of, form)
        instance.missing(instance.store)
        own, inner = self._needs
        named = [one if isinstance(one, ParameterNeed) else FactNeed(one, None) for one in own]
        named += [FactNeed(name, one) for one in household.ids for name in inner]
        rows = [form.needs + self._stride * number for number in range(len(self._program.questions))]
        found = tuple(tuple(compress(named, instance.memory[row : row + len(named)])) for row in rows)
        self._pool.append(instance)
        return found

    def _filled(self, household: Household, as_of: int, form: _Form) -> _Instance:
        """An instance that has the household in its memory; it goes back to the pool afterwards."""
        members = household.members
        values = self._flatten_household(household.facts)
        for facts in map(_FACTS, members):
            values += self._flatten_member(facts)
        try:
            instance = self._pool.pop()
        except IndexError:
            instance = _Instance.of(self._engine, self._module)
        if instance.form is not form:
            instance.memory[: len(form.header)] = form.header
            instance.memory[form.start - len(form.offsets) : form.start] = form.offsets
            instance.form, instance.as_of = form, None
        if instance.as_of != as_of:
            self._set_date(instance, as_of)
        form.inputs.pack_into(instance.memory, form.start, *form.order(values))
        return instance

    def _set_date(self, instance: _Instance, as_of: int) -> None:
        if not self._program.covers.covers(as_of):
            self._pool.append(instance)
            raise ValueError(f"the ruleset does not cover day {as_of}")
        _DATE.pack_into(instance.memory, AS_OF, as_of)
        instance.as_of = as_of

    def _form(self, members: int) -> _Form:
        if members > self._program.max_members:
            raise ValueError(f"{members} members; the ruleset allows {self._program.max_members}")
        return self._forms.setdefault(members, _Form.of(self._program, self._layout, self._heap, members))


def _release(pool: list[_Instance], module: wasmtime.Module, engine: wasmtime.Engine) -> None:
    pool.clear()
    module.close()
    engine.close()


@dataclass(slots=True)
class _Instance:
    """A running module with a view of its memory, which never moves as it never grows."""

    store: wasmtime.Store
    run: Call
    missing: Call
    memory: memoryview
    form: _Form | None = None
    as_of: int | None = None

    @classmethod
    def of(cls, engine: wasmtime.Engine, module: wasmtime.Module) -> _Instance:
        store = wasmtime.Store(engine)
        exports = wasmtime.Instance(store, module, []).exports(store)
        run, missing, memory = exports["run"], exports["missing"], exports["memory"]
        if not isinstance(run, wasmtime.Func) or not isinstance(missing, wasmtime.Func):
            raise ValueError("the module lacks `run` or `missing`")
        if not isinstance(memory, wasmtime.Memory):
            raise ValueError("the module lacks `memory`")
        return cls(store, plain_call(run), plain_call(missing), memoryview(memory.get_buffer_ptr(store)).cast("B"))


@dataclass(frozen=True, slots=True)
class _Form:
    """Where everything stands for a household with so many members: made once for each number.

    `order` brings the values, taken fact by fact and member by member, into the order of the columns. `outcomes` has
    for each rule where its outcomes are among what was unpacked, `amounts` and `further` where the ends of values are.
    """

    header: bytes
    offsets: bytes
    start: int
    inputs: Struct
    order: _Picker
    results: int
    needs: int
    outputs: Struct
    outcomes: tuple[slice, ...]
    amounts: tuple[_Ends | None, ...]
    further: tuple[_Ends, ...]

    @classmethod
    def of(cls, program: Program, layout: Layout, heap: int, members: int) -> _Form:
        addresses: dict[int, int] = {}
        # before the columns: where the one household's members start and end
        start = heap + 8
        results = at = _place(layout.inputs, addresses, start, members)
        outcomes = [layout.outputs[policy.outcome] for policy in program.policies]
        amounts = [layout.outputs[policy.payable] for policy in program.policies if policy.has_amount]
        further = [layout.outputs[one.definition] for one in program.further]
        columns = [column for group in (*outcomes, *amounts, *further) for column in group]
        needs = _place(columns, addresses, at, members)
        pointers = [addresses[column.pointer] for column in (*layout.inputs, *layout.results)]
        header = Struct(f"<9i{len(pointers)}i").pack(0, 1, heap, 0, 0, 0, needs, 0, 0, *pointers)
        slices = iter(_slices((*outcomes, *amounts, *further), members))
        return cls(
            header,
            Struct("<2i").pack(0, members),
            start,
            _struct(layout.inputs, members),
            _picker(_column_order(layout, members)),
            results,
            needs,
            _struct(columns, members),
            tuple(next(slices)[0] for _ in outcomes),
            tuple(next(slices) if policy.has_amount else None for policy in program.policies),
            tuple(slices),
        )

    def findings(self, found: tuple[int, ...]) -> Findings:
        amounts: list[tuple[Interval, ...] | None] = []
        for ends in self.amounts:
            if ends is None:
                amounts.append(None)
            elif ends[1] is None:
                amounts.append((found[ends[0]],))  # type: ignore[arg-type]
            else:
                amounts.append(tuple(zip(found[ends[0]], found[ends[1]], strict=True)))
        further = tuple([_values(found, *ends) for ends in self.further])
        return Findings(tuple([found[place] for place in self.outcomes]), tuple(amounts), further)


def _place(columns: Sequence[MemoryColumn], addresses: dict[int, int], at: int, members: int) -> int:
    for column in columns:
        addresses[column.pointer] = at
        at += column.bytes(members)
    return at


def _struct(columns: Sequence[MemoryColumn], members: int) -> Struct:
    counted = (f"{members if column.of_members else 1}{LETTERS[column.storage]}" for column in columns)
    return Struct("<" + "".join(counted))


def _values(found: tuple[int, ...], first: slice, second: slice | None) -> tuple[Value, ...]:
    if second is not None:
        return tuple(zip(found[first], found[second], strict=True))
    return found[first] if first.step == 1 else (found[first],)  # type: ignore[return-value]


def _slices(groups: Iterable[tuple[MemoryColumn, ...]], members: int) -> Iterator[_Ends]:
    """Where among the unpacked values each group's are; the two ends of one household's interval are one slice."""
    at = 0
    for group in groups:
        count = members if group[0].of_members else 1
        if len(group) == 1:
            yield slice(at, at + count, 1), None
        elif group[0].of_members:
            yield slice(at, at + count), slice(at + count, at + 2 * count)
        else:
            yield slice(at, at + 2), None
        at += count * len(group)


def _flattener(groups: tuple[tuple[MemoryColumn, ...], ...]) -> Callable[[Sequence[Any]], list[int]]:
    """A function from facts to integers: masks first, then both ends of each interval, also where one suffices."""
    plain, pairs = _kinds(groups)
    masks, intervals = _picker(plain), _picker(pairs)
    return lambda facts: [*masks(facts), *chain.from_iterable(intervals(facts))]


def _kinds(groups: tuple[tuple[MemoryColumn, ...], ...]) -> tuple[list[int], list[int]]:
    """The positions of facts that are masks, and of those that are intervals."""
    plain = [i for i, group in enumerate(groups) if group[0].storage.startswith("u")]
    return plain, [i for i in range(len(groups)) if i not in plain]


def _column_order(layout: Layout, members: int) -> list[int]:
    """For each entry of the columns, where it is among the flattened values."""
    order = [at for places in _flat_places(layout.household_inputs) for at in places]
    base = sum(_widths(layout.household_inputs))
    width = sum(_widths(layout.member_inputs))
    for places in _flat_places(layout.member_inputs):
        order += [base + member * width + at for at in places for member in range(members)]
    return order


def _widths(groups: tuple[tuple[MemoryColumn, ...], ...]) -> list[int]:
    return [1 if group[0].storage.startswith("u") else 2 for group in groups]


def _flat_places(groups: tuple[tuple[MemoryColumn, ...], ...]) -> list[list[int]]:
    """For each fact, where the entries of its columns are among the flattened facts of one subject."""
    plain, pairs = _kinds(groups)
    places: dict[int, list[int]] = {fact: [at] for at, fact in enumerate(plain)}
    for number, fact in enumerate(pairs):
        at = len(plain) + 2 * number
        places[fact] = [at, at + 1][: len(groups[fact])]
    return [places[fact] for fact in range(len(groups))]


def _picker(positions: Sequence[int]) -> _Picker:
    """A function that picks the entries at positions, always as a tuple."""
    if len(positions) > 1:
        return itemgetter(*positions)
    if positions:
        only = positions[0]
        return lambda values: (values[only],)
    return lambda values: ()
