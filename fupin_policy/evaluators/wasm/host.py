"""Runs a module for one household at a time.

In: a `Program`, its module, households. Out: `Findings`, as the interpreter gives them. Called by `ruleset`.
Threads share an evaluator: each call takes an instance from a pool, or makes one, and puts it back.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import attrgetter
from struct import Struct

import wasmtime

from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import Need
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.traces import Findings
from fupin_policy.evaluators.wasm.calls import Call, plain_call
from fupin_policy.evaluators.wasm.flattening import (
    ListsGiven,
    ListValues,
    Picker,
    column_order,
    flattener,
    item_counts,
    known_items,
    list_entries,
    picker,
)
from fupin_policy.evaluators.wasm.layout import AS_OF, LETTERS, Layout, MemoryColumn, layout_of
from fupin_policy.evaluators.wasm.loading import module_of
from fupin_policy.evaluators.wasm.manifest import read_manifest
from fupin_policy.evaluators.wasm.needs import NeedsLayout

_Ends = tuple[slice, slice | None]
"""Where the values of an output are: those of one subject, or masks of all; else the low ends and the high ends."""

_Block = tuple[int, int, Callable[[int], Need]]
"""Where inputs begin and end that stand side by side, and which one stands at a place among them."""

_Sizes = tuple[int, ...]
"""How many members a household has, and how many items there are of each list."""

_MAX_FORMS = 1000
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
        self._forms: dict[int | _Sizes, _Form] = {}
        self._needs = NeedsLayout.of(program)
        self._flatten_household = flattener(self._layout.household_inputs)
        self._flatten_member = flattener(self._layout.member_inputs)
        self._lists = ListValues.of(program, self._layout)

    def serialize(self) -> bytes:
        """The module as compiled for this machine, for a cache."""
        return bytes(self._module.serialize())

    def evaluate(self, household: Household, as_of: int) -> Findings:
        """Every rule's outcome and payable amount.

        Raises ValueError for a day not covered, and for too many members or items.
        """
        lists = [one.given(household) for one in self._lists]
        form = self._form(household, lists)
        instance = self._filled(household, lists, as_of, form)
        instance.run(instance.store)
        found = form.outputs.unpack_from(instance.memory, form.results)
        self._pool.append(instance)
        return form.findings(found)

    def needs(self, household: Household, as_of: int) -> tuple[tuple[Need, ...], ...]:
        """For each question of the program the inputs that keep it open. Raises ValueError as `evaluate` does."""
        lists = [one.given(household) for one in self._lists]
        form = self._form(household, lists)
        instance = self._filled(household, lists, as_of, form)
        instance.missing(instance.store)
        blocks = [(one.start, one.end, one.need) for one in self._needs.blocks(household.ids, known_items(lists))]
        rows = [form.needs + self._needs.stride * number for number in range(len(self._program.questions))]
        found = tuple([_flagged(instance.memory, row, blocks) for row in rows])
        self._pool.append(instance)
        return found

    def _filled(self, household: Household, lists: Sequence[ListsGiven], as_of: int, form: _Form) -> _Instance:
        """An instance that has the household in its memory; it goes back to the pool afterwards."""
        members = household.members
        values = self._flatten_household(household.facts)
        for facts in map(_FACTS, members):
            values += self._flatten_member(facts)
        for one, given in zip(self._lists, lists, strict=True):
            values += one.of_owners(given)
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

    def _form(self, household: Household, lists: Sequence[ListsGiven]) -> _Form:
        members = len(household.members)
        if not self._lists:
            return self._forms.get(members) or self._new_form(members, (members,))
        sizes = (members, *item_counts(lists))
        return self._forms.get(sizes) or self._new_form(sizes, sizes)

    def _new_form(self, key: int | _Sizes, sizes: _Sizes) -> _Form:
        if sizes[0] > self._program.max_members:
            raise ValueError(f"{sizes[0]} members; the ruleset allows {self._program.max_members}")
        if len(self._forms) >= _MAX_FORMS:
            self._forms.clear()
        return self._forms.setdefault(key, _Form.of(self._program, self._layout, self._heap, sizes))


def _flagged(memory: memoryview, row: int, blocks: Sequence[_Block]) -> tuple[Need, ...]:
    """Of needs that stand from a row on those that are marked."""
    found: list[Need] = []
    for start, end, need in blocks:
        flags = bytes(memory[row + start : row + end])
        # of most questions nothing is open
        if flags.count(0) != len(flags):
            found += map(need, compress(range(len(flags)), flags))
    return tuple(found)


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
    """Where everything stands for a household with so many members, and so many items of each list: made once for each.

    `order` brings the values, taken fact by fact and member by member, into the order of the columns. `outcomes` has
    for each rule where its outcomes are among what was unpacked, `amounts` and `further` where the ends of values are.
    """

    header: bytes
    offsets: bytes
    start: int
    inputs: Struct
    order: Picker
    results: int
    needs: int
    outputs: Struct
    outcomes: tuple[slice, ...]
    amounts: tuple[_Ends | None, ...]
    further: tuple[_Ends, ...]

    @classmethod
    def of(cls, program: Program, layout: Layout, heap: int, sizes: _Sizes) -> _Form:
        addresses: dict[int, int] = {}
        members = sizes[0]
        # before the columns: where the one household's members start and end
        start = heap + 8
        inputs = [(column, members if column.of_members else 1) for column in layout.inputs]
        inputs += list_entries(layout, 1, members, sizes[1:])
        results = at = _place(inputs, addresses, start)
        outcomes = [layout.outputs[policy.outcome] for policy in program.policies]
        amounts = [layout.outputs[policy.payable] for policy in program.policies if policy.has_amount]
        further = [layout.outputs[one.definition] for one in program.further]
        groups = (*outcomes, *amounts, *further)
        columns = [(column, members if column.of_members else 1) for group in groups for column in group]
        needs = _place(columns, addresses, at)
        pointers = [addresses[pointer] for pointer in sorted(addresses)]
        header = Struct(f"<9i{len(pointers)}i").pack(0, 1, heap, 0, 0, 0, needs, 0, 0, *pointers)
        slices = iter(_slices((*outcomes, *amounts, *further), members))
        return cls(
            header,
            Struct("<2i").pack(0, members),
            start,
            _struct(inputs),
            picker(column_order(layout, members, sizes[1:])),
            results,
            needs,
            _struct(columns),
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


def _place(columns: Sequence[tuple[MemoryColumn, int]], addresses: dict[int, int], at: int) -> int:
    for column, count in columns:
        addresses[column.pointer] = at
        at += column.size * count
    return at


def _struct(columns: Sequence[tuple[MemoryColumn, int]]) -> Struct:
    return Struct("<" + "".join(f"{count}{LETTERS[column.storage]}" for column, count in columns))


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
