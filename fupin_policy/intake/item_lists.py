"""Lists as they are given: `[{…}, …]`, `{"at_least": […]}` where there may be more, or nothing.

In: a list of a program once, then what stands under its name. Out: `ItemList`s. Called by `household_reader` and
`analysis.interview`.
Not given, nothing is known but how many items there are at most; or there are none, where the list says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.household import ItemList
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.intake.household_level import FaultReport, HouseholdLevel, Kept, is_given
from fupin_policy.intake.notation import AT_LEAST_WORDS, UNKNOWN_WORDS
from fupin_policy.intake.partial import missing
from fupin_policy.intake.scalars import shown


@dataclass(frozen=True, slots=True)
class ListReader:
    """Reads one list of a program. `order` are the columns by which items are told apart."""

    declared: ListDecl
    level: HouseholdLevel
    order: tuple[int, ...]
    ordering: tuple[str, ...]
    """What these are called."""

    @classmethod
    def of(
        cls,
        program: Program,
        declared: ListDecl,
        every: Mapping[str, FactDecl],
        terms: Callable[[], Mapping[str, list[str]]],
    ) -> ListReader:
        """The reader of a list of a program."""
        inputs = program.item_inputs[declared.name]
        level = HouseholdLevel(program, declared.name, inputs, missing(inputs), every, terms)
        names = [column.name for column in inputs]
        columns = tuple(names.index(name) for name in declared.order)
        called = {fact.name: fact.label for fact in program.facts}
        return cls(declared, level, columns, tuple(called[name] for name in declared.order))

    def read(self, kept: Kept, path: str, as_of: int, report: FaultReport) -> ItemList:
        """What is known of the list, of what was kept under its name."""
        key, raw = kept.get(self.declared.name, (self.declared.label, None))
        place, most = f"{path}{key}", self.declared.most
        listed, more = self._listed(raw, place, report)
        if listed is None:
            return ItemList((), most)
        if len(listed) > most:
            report("H095", place, count=len(listed), most=most)
        items = [self._item(one, f"{place}[{at}]", as_of, report) for at, one in enumerate(listed[:most])]
        found = ItemList(tuple(item for item in items if item is not None), 0)
        self._check_order(found.items, place, report)
        return replace(found, more=max(0, most - len(found.items))) if more else found

    def completed(self, data: Mapping[Any, Any], known: ItemList, assume: bool) -> ItemList:
        """The list with what is declared for it, or for facts of its items, where nothing is given."""
        raw = next((data[key] for key in self.declared.keys if is_given(data.get(key))), None)
        if raw is None:
            return ItemList((), 0) if assume and self.declared.empty is not None else known
        listed = _in(raw) if isinstance(raw, Mapping) else raw
        if not isinstance(listed, list | tuple):
            return known
        pairs = zip(listed, known.items, strict=True)
        return replace(known, items=tuple(self.level.completed(one, facts, assume, _nothing) for one, facts in pairs))

    def _listed(self, raw: object, place: str, report: FaultReport) -> tuple[Sequence[Any] | None, bool]:
        """The items as given, and whether there may be more; None where it is not known what there is."""
        if not is_given(raw) or (isinstance(raw, str) and raw.strip() in UNKNOWN_WORDS):
            return None, True
        more = isinstance(raw, Mapping)
        if isinstance(raw, Mapping):
            first = None
            for key in raw:
                if key not in AT_LEAST_WORDS:
                    report("H096", f"{place}.{shown(key)}", name=shown(key))
                elif first is not None:
                    report("H015", f"{place}.{shown(key)}", name=shown(key), other=shown(first))
                else:
                    first = key
            raw = _in(raw)
            if raw is None:
                return None, True
        if not isinstance(raw, list | tuple):
            report("H094", place, name=self.declared.label, given=shown(raw))
            return None, True
        return raw, more

    def _item(self, given: object, place: str, as_of: int, report: FaultReport) -> tuple[Value, ...] | None:
        if not isinstance(given, Mapping):
            report("H097", place, name=self.declared.label, given=shown(given))
            return None
        facts, kept = list(self.level.unknown), Kept()
        self.level.fill(given, facts, kept, f"{place}.", report)
        self.level.settle(given, facts, as_of, f"{place}.", report)
        return tuple(facts)

    def _check_order(self, items: Sequence[tuple[Value, ...]], place: str, report: FaultReport) -> None:
        """Report an item that stands where another stands in the order, so that neither is before the other."""
        seen: dict[tuple[Value, ...], int] = {}
        for at, item in enumerate(items):
            own = tuple(item[column] for column in self.order)
            if not own or any(isinstance(one, tuple) and one[0] != one[1] for one in own):
                continue
            if own in seen:
                report("H098", f"{place}[{at}]", first=f"{place}[{seen[own]}]", order=list(self.ordering))
            seen.setdefault(own, at)


def items_given(raw: object) -> Sequence[Mapping[str, Any]]:
    """The items as they are given of a list, that can be read: none where nothing is."""
    listed = _in(raw) if isinstance(raw, Mapping) else raw
    return listed if isinstance(listed, list | tuple) else ()


def _in(raw: Mapping[Any, Any]) -> Any:
    """What stands under `at_least`."""
    return next((raw[key] for key in raw if key in AT_LEAST_WORDS), None)


def _nothing(_: object) -> None:
    """Of items no earlier result says anything."""
