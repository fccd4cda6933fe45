"""Whether the examples try every part of every condition: each part seen deciding both ways, each row of a table used.

In: a ruleset and its documents. Out: how many parts there are, and a diagnostic at each that no example decides.
Called by the command line, `editor` and `example_search`. A part decides where, all else being as it is, its contrary
would turn the condition round (modified condition/decision coverage). Only examples that say what they expect of a rule
count for it. Where a reading of the law, as it is taken, leaves no choice, nothing is asked for; nor is each place
whose office answers for a policy, nor what sends a household back (a check that rejects): there is no decision then
that an example could expect; nor what a number of identity checks of itself, which nobody wrote, and of which one
household does not show that it is unique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from pathlib import Path

from fupin_policy.analysis.examples import ExampleCase, cases
from fupin_policy.core import possible
from fupin_policy.core.days import Validity
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import (
    And,
    Cases,
    Clamp,
    Compare,
    Const,
    Expr,
    Fact,
    Gather,
    Items,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    children,
)
from fupin_policy.core.identifiers import DefinitionId, Part
from fupin_policy.core.program import Definition, Program, choice_of
from fupin_policy.core.rewriting import rewrite, with_parts
from fupin_policy.core.traces import Trace, kept_rows, same_row, traced_rows
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Diagnostic, Reporter, Span
from fupin_policy.documents import Documents, read
from fupin_policy.documents.model import PolicyDoc, TargetDoc
from fupin_policy.evaluators import interpreter
from fupin_policy.intake.asked_figures import figure_named
from fupin_policy.ruleset import Ruleset, load

Path_ = tuple[int, ...]
"""Where an expression stands within a definition: the position among its parent's parts, from the top."""
Key = tuple[DefinitionId, int, Path_, int]
"""A definition, the first day of its version, a part, and what was decided: 0 false, 3 true; 1 for a row used."""

_WRITTEN: tuple[Part, ...] = ("when", "stated", "beneficiary", "lead", "applies", "goal")
_CONDITIONS = ("when", "applies", "goal", "term", "stated", "use", "beneficiary", "lead")
_NAMED = ("term", "use")
"""What others rest on by name, and no policy's own."""


@dataclass(slots=True)
class Coverage:
    """What is to be tried, with the text it comes from, and what has been."""

    wanted: dict[Key, tuple[str, Span | None]] = field(default_factory=dict)
    tried: set[Key] = field(default_factory=set)

    @property
    def missing(self) -> list[tuple[Key, str, Span | None]]:
        """What no example has tried."""
        return [(key, name, span) for key, (name, span) in self.wanted.items() if key not in self.tried]


def example_coverage(folder: Path, settings: Sequence[str] = ()) -> tuple[int, tuple[Diagnostic, ...]]:
    """How many things are to be tried, and a diagnostic for each that no example tries. Raises RulesetError."""
    documents = read(folder, Reporter())
    coverage, bare = coverage_of(load(folder, settings=settings), documents), _bare(documents)
    reporter = Reporter()
    if bare:
        # one message for all of them: none is tried
        more = ["……"] if len(bare) > 20 else []
        zh, en = [doc.title.zh for doc in bare[:20]], [doc.title.en for doc in bare[:20]]
        reporter.report("E405", bare[0].id.span, count=len(bare), names=zh + more, names_en=en + more)
    for key, name, span in coverage.missing:
        decided = {"value": "真" if key[3] else "假", "value_en": "true" if key[3] else "false"}
        code, words = ("E404", {"name": name}) if key[3] == 1 else ("E403", {"name": name, **decided})
        reporter.report(code, span, **words)
    return len(coverage.wanted), reporter.diagnostics


def coverage_of(ruleset: Ruleset, documents: Documents, whole: bool = False) -> Coverage:
    """What is to be tried in a ruleset, and what its documents' examples try.

    Of policies and targets without any example nothing is to be tried, unless the `whole` is asked for.
    """
    coverage, bare = Coverage(), [] if whole else _bare(documents)
    some = len(bare) < len(documents.policies) + len(documents.targets)
    for program in (ruleset.program, *ruleset.program.by_place.values()) if some else ():
        _want_all(program, {doc.id.text for doc in bare}, coverage)
    for case in cases(ruleset, documents):
        _try(case, coverage)
    return coverage


def _bare(documents: Documents) -> list[PolicyDoc | TargetDoc]:
    """The policies and targets without an example."""
    docs: list[PolicyDoc | TargetDoc] = [*documents.policies, *documents.targets]
    return [doc for doc in docs if not doc.examples]


def _want_all(program: Program, bare: set[str], coverage: Coverage) -> None:
    """Want every part of every condition, but for what only policies and targets without examples rest on."""
    reached = _reached(program, lambda owner: owner not in bare)
    passed = _reached(program, bare.__contains__) - reached
    passed |= {figure.definition for figure, check in program.checks if check.severity == "reject"}
    for definition in program.definitions:
        if definition.id in passed or definition.id.part not in _CONDITIONS:
            continue
        if definition.id.part == "use" and definition.id not in reached:
            continue  # a parameter as no rule looks it up
        for validity, expr in definition.versions:
            if validity.start < program.covers.end and validity.end > program.covers.start:
                for path, atom, values in _asked(definition.id.part, _as_taken(program, expr)):
                    span = atom.span or expr.span
                    for value in values if span is not None else ():  # no text: what a number of identity brings
                        key = (definition.id.original, validity.start, path, value)
                        coverage.wanted[key] = (definition.name.zh, span)


def _asked(part: Part, expr: Expr) -> Iterator[tuple[Path_, Expr, tuple[int, ...]]]:
    """What a definition asks as it is written: of whether a policy is for a member, without that it applies."""
    if part == "lead":
        yield from _parts(_without_places(expr))
    elif part != "beneficiary":
        yield from _parts(expr)
    elif (own := choice_of(expr)) is not None:
        yield from _parts(own, (1,))


def _as_taken(program: Program, expr: Expr) -> Expr:
    """An expression in which what readings settle, as they are taken, is a constant; everything stands where it did."""

    def settled(node: Expr) -> Expr:
        match node:
            case OneOf(Parameter(name), mask):
                taken = program.parameters[name]
                bits = {bit for value in taken.values for bit in value.values.values()} if taken.reading else set()
                return (
                    Const(possible.TRUE if mask & bits.pop() else possible.FALSE, Truth()) if len(bits) == 1 else node
                )
            case Not(Const(value)):
                return Const(possible.negate(value), Truth())
            case And(args) if (found := _decisive(args, possible.FALSE)) is not None:
                return Const(found, Truth())
            case Or(args) if (found := _decisive(args, possible.TRUE)) is not None:
                return Const(found, Truth())
            case _:
                return node

    return rewrite(expr, settled)


def _decisive(args: Sequence[Expr], value: int) -> int | None:
    """What a conjunction (or, by TRUE, a disjunction) is by those of its parts that are constant, if they settle it."""
    known = [one.value for one in args if isinstance(one, Const)]
    if value in known:
        return value
    return possible.negate(value) if len(known) == len(args) else None


def _without_places(expr: Expr) -> Expr:
    """Who answers for a policy as it is written: without the choice among the places whose offices do."""
    match expr:
        case Cases(_, Never()):
            return Const(0, expr.type, expr.span)
        case Cases():
            tests = [test for test, _ in expr.branches]
            values = [_without_places(value) for _, value in expr.branches]
            parts = [part for pair in zip(tests, values, strict=True) for part in pair]
            return with_parts(expr, [*parts, _without_places(expr.otherwise)])
        case _:
            return expr


def _reached(program: Program, takes: Callable[[str], bool]) -> frozenset[DefinitionId]:
    """The definitions of some policies and targets, by id, and those that they refer to."""
    ids = (definition.id for definition in program.definitions)
    return program.dependencies.closure(one for one in ids if one.part not in _NAMED and takes(one.name))


def _parts(expr: Expr, path: Path_ = ()) -> Iterator[tuple[Path_, Expr, tuple[int, ...]]]:
    """The parts of every condition below an expression, with what each should be seen deciding."""
    if isinstance(expr.type, Truth):
        atoms = list(_atoms(expr, path))
        for at, atom in atoms:
            if not isinstance(atom, Const):
                yield at, atom, (possible.FALSE, possible.TRUE)
            yield from _below(atom, at)
    else:
        yield from _below(expr, path)


def _below(expr: Expr, path: Path_) -> Iterator[tuple[Path_, Expr, tuple[int, ...]]]:
    """The conditions within a part that is no condition itself: members that are looked at, rows of tables."""
    match expr:
        case Items(_, where, value):
            if not isinstance(where, Const):
                yield from _parts(where, (*path, 0))
            if value is not None:
                yield from _below(value, (*path, 1))
        case Cases(branches, otherwise) | Gather(_, branches, otherwise):
            for index, (test, value) in enumerate(branches):
                if isinstance(test, Const) and test.value == possible.FALSE:
                    continue
                if same_row(expr, index) == index:
                    yield (*path, 2 * index), value, (1,)
                    yield from _below(value, (*path, 2 * index + 1))
                if isinstance(test, Const) and isinstance(expr, Cases):
                    return
            if not isinstance(otherwise, Never):
                yield (*path, 2 * len(branches)), otherwise, (1,)
                yield from _below(otherwise, (*path, 2 * len(branches)))
        case _:
            for index, part in enumerate(children(expr)):
                yield from _below(part, (*path, index))


def _one_word(expr: Expr) -> bool:
    """Whether it is `先于本项`: its comparisons, one by one along the order of the list, are one part as written."""
    match expr:
        case Or((Compare(_, _, Fact(outer=True)) as first, *_)):
            return first.span is not None and first.span == expr.span
        case _:
            return False


def _atoms(expr: Expr, path: Path_) -> Iterator[tuple[Path_, Expr]]:
    if _one_word(expr):
        yield path, expr
        return
    match expr:
        case And(args) | Or(args):
            for index, arg in enumerate(args):
                yield from _atoms(arg, (*path, index))
        case Not(arg):
            yield from _atoms(arg, (*path, 0))
        case _:
            yield path, expr


def _try(case: ExampleCase, coverage: Coverage) -> None:
    coverage.tried.update(tried_in(case))


def tried_in(case: ExampleCase) -> Iterator[Key]:
    """What an example tries."""
    rules = case.rules
    place, day = rules.read(case.given, case.example.as_of.text)
    snapshot = rules.snapshot(case.example.as_of.text)
    traces = interpreter.trace(snapshot, place, day)
    starts = {definition.id: _start(definition, day) for definition in rules.program.definitions}
    for name in tried_by(rules.program, case.about, case.figures):
        start = starts.get(name)
        if start is not None:
            for trace in traces[name]:
                yield from ((name.original, start, path, value) for path, value in decided(trace))


def _start(definition: Definition, day: int) -> int | None:
    versions: Sequence[tuple[Validity, Expr]] = definition.versions
    return next((validity.start for validity, _ in versions if validity.covers(day)), None)


def tried_by(program: Program, about: Iterable[str], figures: Iterable[str]) -> Iterator[DefinitionId]:
    """The definitions that an example tries: those of its policies, target and figures, and what these rest on."""
    dependencies = program.dependencies
    own = [DefinitionId(part, name) for name in about for part in _WRITTEN]
    told = [figure_named(program, name) for name in figures]
    roots = [one for one in own if one in dependencies.direct]
    roots += [figure.definition for figure in told if figure is not None]
    return each_once(roots, lambda name: (one for one in dependencies.named(name) if one.part in _NAMED), key=str)


def decided(trace: Trace, path: Path_ = ()) -> Iterator[tuple[Path_, int]]:
    """What was decided within a traced expression, by which part."""
    if not isinstance(trace.expr.type, Truth):
        yield from _used(trace, path)
        return
    atoms = list(_traced_atoms(trace, path))
    for at, atom in atoms:
        match atom.value, trace.value:
            case int(bits), int(whole) if possible.UNKNOWN not in (bits, whole):
                if _value(trace, path, {at: bits ^ 3}) == whole ^ 3:
                    yield at, bits
        yield from _used(atom, at)


def _traced_atoms(trace: Trace, path: Path_) -> Iterator[tuple[Path_, Trace]]:
    if isinstance(trace.expr, And | Or | Not) and not _one_word(trace.expr):
        for index, part in enumerate(trace.children):
            yield from _traced_atoms(part, (*path, index))
    else:
        yield path, trace


def _value(trace: Trace, path: Path_, changed: dict[Path_, int]) -> int:
    """A condition's value with one part turned round."""
    if path in changed:
        return changed[path]
    parts = (_value(part, (*path, index), changed) for index, part in enumerate(trace.children))
    match trace.expr:
        case And():
            return reduce(and_, parts, possible.TRUE)
        case Or():
            return reduce(or_, parts, possible.FALSE)
        case Not():
            return possible.negate(next(parts))
        case _:
            assert isinstance(trace.value, int)
            return trace.value


def _used(trace: Trace, path: Path_) -> Iterator[tuple[Path_, int]]:
    match trace.expr:
        case Items(_, _, value):
            people = len(trace.children) if value is None else len(trace.children) // 2
            for index, part in enumerate(trace.children[: 2 * people]):
                if index < people:
                    yield from decided(part, (*path, 0))
                else:
                    yield from _used(part, (*path, 1))
        case Cases() as node:
            yield from _rows(node, trace, path)
        case Clamp():
            yield from _used(trace.children[0], path)
        case Gather() as node:
            rows, _ = traced_rows(trace)
            for index in kept_rows(trace):
                row = same_row(node, index) if index < len(rows) else index
                yield (*path, 2 * row), 1
                used = rows[index][1] if index < len(rows) else None
                if used is not None:
                    yield from _used(used, (*path, 2 * row + 1))
        case _:
            for index, part in enumerate(trace.children):
                yield from _used(part, (*path, index))


def _rows(node: Cases, trace: Trace, path: Path_) -> Iterator[tuple[Path_, int]]:
    """A row is used where it is surely the one; the trace has each test, followed by its value if it can be reached."""
    parts = iter(trace.children)
    for index in range(len(node.branches)):
        test = next(parts)
        if test.value == possible.FALSE:
            continue
        value = next(parts)
        if test.value == possible.TRUE:
            row = same_row(node, index)
            yield (*path, 2 * row), 1
            yield from _used(value, (*path, 2 * row + 1))
            return
    if all(part.value == possible.FALSE for part in trace.children[: len(node.branches)]):
        yield (*path, 2 * len(node.branches)), 1
