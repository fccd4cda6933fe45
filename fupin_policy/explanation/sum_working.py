"""One traced expression as a line of figures: what is named in it, what is done, and which rows of tables apply.

In: traces as they are written. Out: a `Working`, lines for its parts, and what else has to be opened. Called by
`sum_finder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    Cases,
    Clamp,
    Const,
    Divide,
    Fact,
    Gather,
    Items,
    Max,
    Min,
    Multiply,
    Never,
    Ref,
    Scale,
    Unknown,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval
from fupin_policy.core.traces import Trace, Traces, kept_rows, subject_of, tests_and_values, traced_cases, traced_rows
from fupin_policy.core.types import Number
from fupin_policy.explanation.sum_caps import capped
from fupin_policy.explanation.sum_ends import kept_within
from fupin_policy.explanation.sum_slices import SumSlice, aligned, slice_of
from fupin_policy.explanation.sum_words import NOTHING, OTHERWISE, NumberWords
from fupin_policy.explanation.sums import Operand, Operation, SumItem, SumLine, Working
from fupin_policy.prose.ratios import factor_of, power, scale_of, stepped
from fupin_policy.prose.sentences import sentence

FEW_MEMBERS, FEW_NAMED = 6, 4
"""Of how many members each has a figure of its own; how many facts are named behind a figure worked out of dates."""
_TO_BE_CHECKED = sentence("to_be_checked")
_ELIGIBLE, _NOT_ELIGIBLE = sentence("is_eligible"), sentence("is_not_eligible")
_NO_ROW = sentence("no_row_fits")
_NOTHING = sentence("no_such_item")
_NOBODY = sentence("no_such_member")
FURTHER = sentence("further_items")
_INSIDE = sentence("in_this_slice")

Opened = tuple[DefinitionId, int]
"""A definition that has lines of its own, and of which member, or 0."""


@dataclass(slots=True)
class WorkingOut:
    """Works out one definition of one subject; `inline` is what is not named there, but worked out at once.

    On the way it notes lines for parts that have names of their own, which rows apply, and what is named.
    """

    words: NumberWords
    traces: Traces
    persons: Sequence[str]
    subject: int
    inline: DefinitionId | None = None
    item: SumItem | None = None
    """The item whose the definition is, or that is looked at."""
    lines: list[SumLine] = field(default_factory=list)
    why: dict[Bilingual, None] = field(default_factory=dict)
    opened: dict[Opened, None] = field(default_factory=dict)

    def of(self, trace: Trace) -> Working:
        """How a number is worked out."""
        parts, value = trace.children, cast(Interval, trace.value)
        match trace.expr:
            case Const() | Unknown() as expr:
                return self.words.parameter(expr, value)
            case Ref(definition) if definition == self.inline:
                return self.of(self.traces[definition][subject_of(trace, self.subject)])
            case Ref(definition):
                self.opened[definition, subject_of(trace, self.subject)] = None
                found, parameter = self._number(trace), definition.parameter
                return found if parameter is None else self.words.formula(found, parameter)
            case Clamp():
                return self._kept_within(trace)
            case Add():
                return self._slices(trace) or _added(map(self.of, parts))
            case Multiply():
                return Operation("multiply", tuple(map(self.of, parts)))
            case Min((Ref(DefinitionId("stated")), Max((_, Const(0))))):
                return capped(*map(self.of, (parts[0], *parts[1].children)))
            case Min() | Max():
                operator = "least" if isinstance(trace.expr, Min) else "greatest"
                return Operation(operator, tuple(map(self.of, parts)))  # type: ignore[arg-type]
            case Scale(Divide() as inner, factor) as expr if factor > 1 and scale_of(inner) == scale_of(expr):
                return self._rounded(parts[0], factor)
            case Scale():
                return self._scaled(parts[0], factor_of(trace.expr))
            case Divide():
                return self._rounded(trace, 1)
            case Cases():
                return self._chosen(trace)
            case Gather():
                return self._kept(trace)
            case Items():
                return self._of_members(trace)
            case _:
                return replace(self._number(trace), remarks=self._behind(trace))

    # -- single figures -------------------------------------------------------------------------------------------

    def _number(self, trace: Trace) -> Operand:
        """A number by its name."""
        whose = trace.member if getattr(trace.expr, "level", "member") == "member" else None
        value = cast(Interval, trace.value)
        return self.words.operand(cast(Number, trace.expr.type), value, self.words.said(trace.expr), whose)

    def _behind(self, trace: Trace) -> tuple[Bilingual, ...]:
        """The dates that a number comes of, each with its name."""
        if isinstance(trace.expr, Fact):
            return ()
        found: dict[Bilingual, None] = {}
        waiting = [*trace.children]
        while waiting:
            part = waiting.pop(0)
            if isinstance(part.expr, Fact | Ref):
                name, value = self.words.said(part.expr), self.words.words.value(part.expr.type, part.value)
                found[sentence("named", name=name, value=value)] = None
            else:
                waiting += part.children
        return tuple(found)[:FEW_NAMED]

    def _part(self, trace: Trace, name: Bilingual, member: str | None = None, sure: bool = True) -> Operand:
        """A part that is called something: one figure, or the result of a line of its own.

        `name` stands for it in place of what it is, or beside it. What may not count at all says so.
        """
        outer, self.why = self.why, {}
        working = self.of(trace)
        why, self.why = tuple(self.why), outer
        doubt = () if sure else (_TO_BE_CHECKED,)
        if isinstance(working, Operand) and not why:
            own = name if working.name is None else working.name
            beside = () if own == name else (name,)
            return replace(
                working, name=own, member=working.member or member, remarks=(*working.remarks, *beside, *doubt)
            )
        result = self.words.operand(cast(Number, trace.expr.type), cast(Interval, trace.value))
        working = kept_within(self.words, working, trace, "together")
        self.lines.append(SumLine(name, member, working, result, why, None, self.item))
        return replace(result, name=name, member=member, remarks=doubt)

    # -- roundings ------------------------------------------------------------------------------------------------

    def _scaled(self, trace: Trace, factor: Fraction) -> Working:
        """An alignment of scales is not seen; a minus is one; anything else is a product."""
        if factor == 1:
            return self.of(trace)
        if factor == -1:
            return Operation("negate", (self.of(trace),))
        return Operation("multiply", (self.words.number_written(factor), self.of(trace)))

    def _rounded(self, trace: Trace, size: int) -> Operation:
        """A quotient in steps of `size`. The integers are aligned for the division; what is said is the true ratio."""
        node = cast(Divide, trace.expr)
        (top, above), (bottom, below) = map(_stripped, trace.children)
        aligned = scale_of(node.left) - scale_of(node.right) - scale_of(node)
        ratio = above * size / below * power(aligned)
        type_ = stepped(node.type, size)
        step = self.words.operand(type_, (size, size))
        return Operation("round", (self._quotient(top, bottom, ratio),), node.rounding, step)

    def _quotient(self, top: Trace, bottom: Trace, ratio: Fraction) -> Working:
        if isinstance(bottom.expr, Const) and bottom.expr.source is None:
            divisor = Fraction(bottom.expr.value, 10 ** scale_of(bottom.expr)) / ratio
            if divisor == 1:
                return self.of(top)
            return Operation("divide", (self.of(top), self.words.number_written(divisor)))
        times = self.of(top) if ratio == 1 else Operation("multiply", (self.of(top), self.words.number_written(ratio)))
        return Operation("divide", (times, self.of(bottom)))

    def _kept_within(self, trace: Trace) -> Working:
        """A number as its condition narrows it, which is told where that makes a difference."""
        (inner,) = trace.children
        if inner.value == trace.value:
            return self.of(inner)
        return kept_within(self.words, self.of(inner), trace, "condition")

    # -- choices and tables ---------------------------------------------------------------------------------------

    def _chosen(self, trace: Trace) -> Working:
        """The value that applies, and why; each of them where it is open which does."""
        rows = [(test, value) for test, value in traced_cases(trace) if not isinstance(value.expr, Never)]
        if len(rows) > 1:
            named = [(_if(self._condition(trace, test)), value) for test, value in rows]
            return Operation("either", tuple(self._part(value, name, trace.member) for name, value in named))
        ((test, value),) = rows
        if test is None or not _is_outcome(test):  # that a policy applies is told elsewhere
            self.why[self._condition(trace, test)] = None
        return self.of(value)

    def _condition(self, choice: Trace, test: Trace | None) -> Bilingual:
        """When a value of a choice applies; without a test that is in all other cases."""
        first, alone = choice.children[0], len(cast(Cases, choice.expr).branches) == 1
        if alone and _is_outcome(first):
            return _NOT_ELIGIBLE if test is None else _ELIGIBLE
        return self.words.asked(first, True) if alone and test is None else self.words.asked(test)

    def _kept(self, trace: Trace) -> Working:
        """The rows that fit: their sum, or the highest of them."""
        rows, default = traced_rows(trace)
        maybe = [(test, value) for test, value in rows if value is not None]
        rest = None if default is None or isinstance(default.expr, Never) else default
        if not maybe and rest is not None:
            self.why[_NO_ROW] = None
            return self.of(rest)
        added = cast(Gather, trace.expr).aggregate is Aggregate.SUM
        sure = all(test.value == possible.TRUE for test, _ in maybe)
        parts = [self._row(test, value, added) for test, value in maybe]
        if added:
            if rest is None or rest.value == (0, 0):
                return _added(parts)
            return Operation("either", (_added(parts), self._part(rest, OTHERWISE)))
        if sure:
            kept = kept_rows(trace)
            if kept and len(parts) > 1:
                asked = self.words.asked(rows[kept[0]][0])
                self.why[sentence("highest_row", asked=asked)] = None
            return Operation("greatest", tuple(parts)) if len(parts) > 1 else parts[0]
        return Operation("either", (*parts, *(() if rest is None else (self._part(rest, OTHERWISE),))))

    def _row(self, test: Trace, value: Trace, added: bool) -> Operand:
        sure = test.value == possible.TRUE
        found = self._part(value, self.words.asked(test), value.member, sure)
        return found if sure or not added else self._perhaps(found, value)

    def _perhaps(self, found: Operand, trace: Trace) -> Operand:
        """What is added only perhaps is added between nothing and what it is."""
        low, high = cast(Interval, trace.value)
        shown = self.words.operand(cast(Number, trace.expr.type), (min(0, low), max(0, high)))
        return replace(found, low=shown.low, high=shown.high, digits=shown.digits, text=shown.text, unit=shown.unit)

    def _slices(self, trace: Trace) -> Operation | None:
        """A sum of slices, each of which has a line; None where it is no such sum. Slices in which nothing lies go."""
        found = [(part, cut) for part in map(aligned, trace.children) if (cut := slice_of(part)) is not None]
        if len(found) < max(2, len(trace.children)) or len({cut.of.expr for _, cut in found}) > 1:
            return None
        of = found[0][1].of
        whole = self._part(of, self.words.said(of.expr))
        reached = [(part, cut) for part, cut in found if part.children[0].value != (0, 0)] or found[:1]
        said = whole.name or NOTHING
        self.why[sentence("in_slices", name=said, value=whole.text)] = None
        return Operation("add", tuple(self._one_slice(part, cut) for part, cut in reached))

    def _one_slice(self, trace: Trace, cut: SumSlice) -> Operand:
        left, rate = trace.children
        type_ = cast(Number, left.expr.type)
        ends = self.words.operand(type_, (cut.low, cut.low if cut.high is None else cut.high)).text
        name = sentence("slice_above" if cut.high is None else "slice_between", ends=ends)
        inside = self.words.operand(type_, cast(Interval, left.value), _INSIDE)
        result = self.words.operand(cast(Number, trace.expr.type), cast(Interval, trace.value))
        self.lines.append(SumLine(name, trace.member, Operation("multiply", (inside, self.of(rate))), result))
        return replace(result, name=name)

    # -- members --------------------------------------------------------------------------------------------------

    def _of_members(self, trace: Trace) -> Working:
        """Each member that counts with its own value, where they are few; of how many others what they come to."""
        node, (tests, values, default) = cast(Items, trace.expr), tests_and_values(trace)
        chosen = [at for at, test in enumerate(tests) if test.value != possible.FALSE]
        open_ = [at for at in chosen if not self._sure(tests[at])]
        if node.aggregate is Aggregate.COUNT:
            return self._counted(trace, chosen, open_)
        if node.list != "member" and not node.paired:
            self.why |= dict.fromkeys(self.words.left_out(trace))
        if not chosen:
            self.why[_NOBODY if node.list == "member" else _NOTHING] = None
            zero = self.words.operand(cast(Number, node.type), (0, 0))
            return zero if default is None else self.of(default)
        if node.aggregate is Aggregate.SUM:
            return Operation("add", tuple(self._each(trace, chosen, tests, values)))
        parts = tuple(self._each(trace, chosen, tests, values))
        if not open_:
            least = node.aggregate is Aggregate.MIN
            return parts[0] if len(parts) == 1 else Operation("least" if least else "greatest", parts)
        sure = any(map(self._sure, tests)) or default is None
        return Operation("either", parts if sure or default is None else (*parts, self._part(default, _NOBODY)))

    def _called(self, test: Trace, at: int) -> Bilingual:
        """What a member or an item is called: the member's id, or which item it is."""
        item = self.words.item(test.item)
        if item is None:
            return Bilingual(self.persons[at], self.persons[at])
        return FURTHER if item.number is None else item.alone

    def _sure(self, test: Trace) -> bool:
        """Whether somebody surely counts; of a further item it is not known whether there is one."""
        return test.value == possible.TRUE and (test.item is None or test.item.number is not None)

    def _counted(self, trace: Trace, chosen: Sequence[int], open_: Sequence[int]) -> Operand:
        """How many members there are, or fulfil something, and who."""
        node, found = cast(Items, trace.expr), self._number(trace)
        found = self.words.persons(found) if node.list == "member" else found
        if not isinstance(node.where, Const):
            sure = [self._called(trace.children[at], at) for at in chosen if at not in open_]
            doubt = [self._called(trace.children[at], at) for at in open_]
            told = [_ids(sure)] if sure else []
            told += [sentence("persons_to_be_checked", persons=_ids(doubt))] if doubt else []
            return replace(found, remarks=tuple(told))
        return found

    def _each(
        self, trace: Trace, chosen: Sequence[int], tests: Sequence[Trace], values: Sequence[Trace]
    ) -> Iterator[Operand]:
        """The values of the members that count."""
        node = cast(Items, trace.expr)
        assert node.value is not None
        added, name = node.aggregate is Aggregate.SUM, self.words.said(node.value)
        whole = self.subject, self.item
        few = chosen if len(chosen) <= FEW_MEMBERS else chosen[: FEW_MEMBERS - 1]
        for at in few:
            sure, item = self._sure(tests[at]), self.words.item(tests[at].item)
            if item is None:
                self.subject = at
                found = self._part(values[at], name, self.persons[at], sure)
            else:
                self.item = item
                found = replace(self._part(values[at], name, sure=sure), item=item)
            if added and item is not None and item.number is None:
                said = found.name or name
                further = sentence("named", name=FURTHER, value=said)
                yield _shown_as(replace(found, name=further, item=None), self._rest(trace, tests[:at], values[:at]))
            else:
                yield found if sure or not added else self._perhaps(found, values[at])
        self.subject, self.item = whole
        if len(few) < len(chosen):
            yield self._others(trace, few, [at for at in chosen if at not in few])

    def _rest(self, trace: Trace, tests: Sequence[Trace], values: Sequence[Trace]) -> Operand:
        """What a sum comes to without some members or items that are told one by one."""
        given = [cast(Interval, one.value) for one in values]
        low, high = possible.total([cast(int, one.value) for one in tests], given)
        whole = cast(Interval, trace.value)
        return self.words.operand(cast(Number, trace.expr.type), (whole[0] - low, whole[1] - high))

    def _others(self, trace: Trace, few: Sequence[int], others: Sequence[int]) -> Operand:
        """What members or items that are not told one by one come to in all."""
        node, (tests, values, _) = cast(Items, trace.expr), tests_and_values(trace)
        if node.aggregate is Aggregate.SUM:
            found = self._rest(trace, [tests[at] for at in few], [values[at] for at in few])
        else:
            given = [cast(Interval, values[at].value) for at in others]
            type_ = cast(Number, values[0].expr.type)
            found = self.words.operand(type_, possible.extreme(given, node.aggregate is Aggregate.MAX))
        last = self.words.item(tests[others[-1]].item)
        open_ = last is not None and last.number is None
        return replace(found, name=FURTHER if open_ else self.words.others(len(others), node.list))


def _shown_as(found: Operand, shown: Operand) -> Operand:
    """A figure with another value."""
    return replace(found, low=shown.low, high=shown.high, digits=shown.digits, text=shown.text, unit=shown.unit)


def _if(condition: Bilingual) -> Bilingual:
    """A condition as the name of what there is where it holds."""
    return condition if condition == OTHERWISE else sentence("if", condition=condition)


def _is_outcome(test: Trace) -> bool:
    """Whether it is asked whether a policy applies."""
    return isinstance(test.expr, Ref) and test.expr.definition.part == "outcome"


def _added(parts: Iterable[Working]) -> Operation:
    """A sum of numbers, of which some may be sums."""
    flat = ((part.parts if isinstance(part, Operation) and part.operator == "add" else (part,)) for part in parts)
    return Operation("add", tuple(one for some in flat for one in some))


def _stripped(trace: Trace) -> tuple[Trace, Fraction]:
    """An operand of a division without its alignment, and by what that was multiplied."""
    factor = Fraction(1)
    while isinstance(trace.expr, Scale) and trace.expr.factor > 0:
        factor, trace = factor * factor_of(trace.expr), trace.children[0]
    return trace, factor


def _ids(persons: Sequence[Bilingual]) -> Bilingual:
    more = "…" if len(persons) > FEW_MEMBERS else ""
    told = persons[:FEW_MEMBERS]
    return Bilingual("、".join(one.zh for one in told) + more, ", ".join(one.en for one in told) + more)
