"""Parameters by keys: what holds for whom, on each stretch of days.

In: rows as they were read, and a typer. Out: one expression a stretch; gaps and overlaps are reported. Called by
`parameters`, whose uses are typed when a rule names them.
Where a value of an overlay says something it stands alone: what those below it say of the same keys is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby

from fupin_policy.check.choices import complete
from fupin_policy.check.decision_tables import cells_test, cuboid_test, cuboid_text, domain_of
from fupin_policy.check.declarations import dates_text, validity
from fupin_policy.check.definition_sources import Make
from fupin_policy.check.parameter_bounds import Between, BoundValues
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.table_coverage import Cuboid, Region, cover, gaps_of
from fupin_policy.check.typing import Typer
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Expr, Parameter
from fupin_policy.core.identifiers import AssessmentDay
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.diagnostics import Span
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc, ValueDoc
from fupin_policy.language import parse, syntax
from fupin_policy.language.syntax import Syntax

_ANY = ("任意", "any")
_MOST_NAMED = 12

Cells = tuple[tuple[TextDoc, ...], ...]
"""A cell for each key: one text, or several codes."""
Regions = tuple[Region, ...]
"""What a row allows: a region for each key."""


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """A row with its number, if it is for some keys; without cells it is for what no other of its value is for.

    It has a value, or is worked out, or is said to be unknown.
    """

    number: int | None
    cells: Cells | None
    value: int | None
    make: Make | None
    span: Span


@dataclass(frozen=True, slots=True)
class KeyedValue:
    """A dated value with its rows."""

    doc: ValueDoc
    rows: tuple[KeyedRow, ...]

    @property
    def days(self) -> Validity:
        """The days on which it holds."""
        return validity(self.doc.valid)

    @property
    def unknown(self) -> bool:
        """Whether it is said to be unknown as a whole."""
        return all(row.cells is None and row.value is None and row.make is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The keys, typed; by number of a row its test and what it allows."""

    keys: list[Expr]
    tests: dict[int | None, tuple[Expr, Regions]]


@dataclass(slots=True)
class KeyedParameter:
    """A parameter by keys. `type` is that of its numbers, `wide` that of what is not known."""

    doc: model.ParameterDoc
    values: Sequence[KeyedValue]
    type: Type
    wide: Type
    covered: Validity
    columns: dict[tuple[AssessmentDay, ...], _Columns | None] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    """Of which rows it was reported that they are missing."""

    def on(self, typer: Typer, days: Validity) -> Expr:
        """What the parameter is on a stretch of days."""
        found = self._columns(typer)
        if found is None:
            return BROKEN
        held = [value for value in self.values if value.days.covers(days.start)]
        domains = [domain_of(key) for key in found.keys]
        branches: list[tuple[Expr, Expr]] = []
        taken: list[Regions] = []
        for _, layer in groupby(sorted(held, key=lambda value: -value.doc.layer), key=lambda value: value.doc.layer):
            above = list(taken)
            for value in layer:
                for row, test, regions in self._rows(value, found, domains, above):
                    branches.append((test, self._leaf(typer, row)))
                    taken.append(regions)
        left = gaps_of(domains, taken)
        if left is None:
            return typer.wrong("R306", self.doc.name.span)
        if held and not all(value.unknown for value in held):
            self._report_gaps(typer, found.keys, left, held, days)
        if (left or not held) and self.doc.range is None and isinstance(self.wide, Number):
            self._report_unknown(typer, days)
        open_ = Parameter(self.doc.name.text, None, self.wide, self.doc.name.span)
        branches += [(cuboid_test(found.keys, box, self.doc.name.span), open_) for box in left]
        if len(branches) == 1:
            return branches[0][1]
        return complete(typer, branches, self.doc.name.span)

    def _leaf(self, typer: Typer, row: KeyedRow) -> Expr:
        if row.make is not None:
            return row.make(typer)
        if row.value is None and self.doc.range is None and isinstance(self.wide, Number):
            self._report_unknown(typer, self.covered)
        return Parameter(self.doc.name.text, row.number, self.wide if row.value is None else self.type, row.span)

    def _rows(
        self, value: KeyedValue, found: _Columns, domains: list[tuple[int, int]], above: list[Regions]
    ) -> Iterator[tuple[KeyedRow, Expr, Regions]]:
        """The rows of a value with their tests, without what is said above of the same keys."""
        own = [found.tests[row.number] for row in value.rows if row.cells is not None]
        for row in value.rows:
            if row.cells is None:
                boxes: Sequence[Cuboid] = gaps_of(domains, [*above, *(regions for _, regions in own)]) or ()
            elif above:
                boxes = _within(found.tests[row.number][1], gaps_of(domains, above) or ())
            else:
                yield row, *found.tests[row.number]
                continue
            for box in boxes:
                yield row, cuboid_test(found.keys, box, row.span), tuple((interval,) for interval in box)

    def _columns(self, typer: Typer) -> _Columns | None:
        """The keys and rows, typed once; None where something in them was reported."""
        if typer.assessed not in self.columns:
            first = not self.columns
            found = self._typed(typer)
            self.columns[typer.assessed] = found if found is None or not first or self._sound(typer, found) else None
        return self.columns[typer.assessed]

    def _typed(self, typer: Typer) -> _Columns | None:
        keys = [typer.expr(syntax.Name(name.text, name.span)) for name in self.doc.by]
        if any(not isinstance(key.type, Code | Truth | Number | Day) for key in keys):
            return None
        tests: dict[int | None, tuple[Expr, Regions]] = {}
        sound = True
        for row in (row for value in self.values for row in value.rows if row.cells is not None):
            test = self._test(typer, keys, row)
            sound = sound and test is not None
            if test is not None:
                tests[row.number] = test
        return _Columns(keys, tests) if sound else None

    def _test(self, typer: Typer, keys: list[Expr], row: KeyedRow) -> tuple[Expr, Regions] | None:
        cells = row.cells or ()
        if len(cells) != len(keys):
            typer.wrong("R305", row.span, found=len(cells) + 1, wanted=len(keys) + 1)
            return None
        parsed = [[_parsed(typer, key, text) for text in cell] for key, cell in zip(keys, cells, strict=True)]
        if any(part is None for cell in parsed for part in cell):
            return None
        kept = [tuple(part for part in cell if part is not None) for cell in parsed]
        found = cells_test(typer, keys, kept, row.span)
        if found is None:
            return None
        test, allowed = found
        always = BoundValues()
        regions = [always.region(one) for one in allowed if not isinstance(one, Between) or not one.parameters]
        if len(regions) < len(keys):
            typer.wrong("R307", row.span)
            return None
        return test, tuple(regions)

    # -- what is reported -----------------------------------------------------------------------------------------

    def _sound(self, typer: Typer, found: _Columns) -> bool:
        """Whether no two rows are for the same keys on the same days."""
        domains = [domain_of(key) for key in found.keys]
        sound = True
        for value in self.values:
            rows = [row for row in value.rows if row.cells is not None]
            checked = cover(domains, [found.tests[row.number][1] for row in rows])
            for first, second, box in () if checked is None else checked.overlaps:
                where = cuboid_text(typer, found.keys, box)
                typer.wrong("R304", rows[second].span, first=first + 1, second=second + 1, where=where)
                sound = False
        for one, other in combinations(self.values, 2):
            shared = max(one.days.start, other.days.start) < min(one.days.end, other.days.end)
            if one.doc.layer == other.doc.layer and shared and self._meet(found, domains, one, other):
                words = {"first": dates_text(one.days), "second": dates_text(other.days)}
                typer.wrong("D101", other.doc.valid.span, name=self.doc.name.text, **words)
                sound = False
        return sound

    def _meet(self, found: _Columns, domains: list[tuple[int, int]], one: KeyedValue, other: KeyedValue) -> bool:
        """Whether two values say something of the same keys."""
        before, after = ([of for _, _, of in self._rows(value, found, domains, [])] for value in (one, other))
        checked = cover(domains, [*before, *after])
        return checked is not None and any(first < len(before) <= second for first, second, _ in checked.overlaps)

    def _report_gaps(
        self, typer: Typer, keys: list[Expr], left: Sequence[Cuboid], held: Sequence[KeyedValue], days: Validity
    ) -> None:
        """Warn of keys that no row is for."""
        texts = [text for box in left for text in _each(typer, keys, box)]
        key = "、".join(texts)
        if texts and key not in self.said:
            self.said.add(key)
            last = max(held, key=lambda value: value.days.start)
            within = Validity(max(last.days.start, self.covered.start), min(last.days.end, self.covered.end))
            shown = [*texts[:_MOST_NAMED], *(["…"] if len(texts) > _MOST_NAMED else [])]
            words = {"name": self.doc.label.text, "days": dates_text(within)}
            typer.scope.reporter.report("N129", last.doc.valid.span, **words, count=len(texts), codes=shown)

    def _report_unknown(self, typer: Typer, days: Validity) -> None:
        """Report that nothing is known of some keys, nor between what it lies."""
        if "" not in self.said:
            self.said.add("")
            first, last = dates_text(days).split("..")
            typer.wrong("D102", self.doc.name.span, name=self.doc.label.text, from_=first, to=last)


def _parsed(typer: Typer, key: Expr, text: TextDoc) -> Syntax | None:
    """A cell's part: a code by any of its words, or whatever else a table's cell may be."""
    if isinstance(key.type, Code) and text.text not in _ANY:
        return syntax.Text(text.text, text.span)
    return parse(text.span, typer.scope.reporter, "cell", typer.scope.words)


def _within(regions: Regions, boxes: Sequence[Cuboid]) -> list[Cuboid]:
    """What of some boxes lies within regions, box by box."""
    found = []
    for box in boxes:
        pieces: list[Cuboid] = [()]
        for region, (low, high) in zip(regions, box, strict=True):
            met = [(max(low, first), min(high, last)) for first, last in region]
            pieces = [(*piece, one) for piece in pieces for one in met if one[0] <= one[1]]
        found += pieces
    return found


def _each(typer: Typer, keys: list[Expr], box: Cuboid) -> Iterator[str]:
    """A box in words; of one key that is a code, each code by itself."""
    if len(keys) == 1 and isinstance(keys[0].type, Code):
        yield from (cuboid_text(typer, keys, ((at, at),)) for at in range(box[0][0], box[0][1] + 1))
    else:
        yield cuboid_text(typer, keys, box)
