"""The driver: a folder in, a ruleset out that evaluates, explains and compiles.

In: a folder, then households. Out: `Ruleset`, `Evaluation`, `Explanation`. Called by users and the command line.
Imports `check`, `core`, `decisions`, `diagnostics`, `documents`, `evaluators`, `evaluators.wasm`, `explanation`,
`files`, `intake`, `prose`.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Unpack

from fupin_policy.core.days import DAY_MAX, to_date, to_day
from fupin_policy.core.declarations import FactDecl, ParameterDecl
from fupin_policy.core.derived_facts import derived_facts
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.household import Household
from fupin_policy.core.named import (
    KnownNames,
    clause_named,
    department_named,
    fact_named,
    parameter_named,
    policy_named,
)
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Clause, ClauseRef, Department
from fupin_policy.core.snapshot import Snapshot, breakpoints, snapshot
from fupin_policy.core.traces import Findings, Traces
from fupin_policy.decisions.decision_builder import Asked, DecisionBuilder, Decisions, Figures, once
from fupin_policy.decisions.first_days import with_first_days
from fupin_policy.decisions.judgements import Judgement, judge
from fupin_policy.decisions.missing import needs_of, needs_of_questions
from fupin_policy.diagnostics import InputError, Lang, Reporter
from fupin_policy.diagnostics.events import events_of, record_event
from fupin_policy.evaluators import cache as compiled_cache
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.incremental import Net, Worksheet
from fupin_policy.evaluators.wasm import WasmEvaluator, compile_program, with_explanations
from fupin_policy.files.bounded import RulesetFiles, read_files
from fupin_policy.files.shipped import shipped
from fupin_policy.intake import Intake, ReadAs, read_date
from fupin_policy.intake.asked_figures import asked_figures
from fupin_policy.intake.data_checks import report_violations
from fupin_policy.prose.answer import answer_text

if TYPE_CHECKING:
    from fupin_policy.explanation import Explanation, FigureExplanation
    from fupin_policy.explanation.explainer import Explainer

_Named = str | Sequence[str]
_LOG = events_of("ruleset")
SHIPPED = shipped("policies/anqiu")
"""The ruleset that comes with the package."""


def load(
    path: str | Path | None = None,
    *,
    cache: bool = True,
    settings: Sequence[str] = (),
    open_readings: Sequence[str] = (),
) -> Ruleset:
    """Read, check and compile a ruleset: the folder `path`, or the shipped one.

    `settings` (`参数.X=150`) and `open_readings` (names, or `all`) are tried on every day: see `Ruleset.with_values`.
    The compiled form is kept in the user's cache folder under the digest of the files, unless `cache` is false.
    Raises RulesetError with every error found; warnings go to the log `fupin_policy` when the files are checked.
    """
    files = _files(SHIPPED if path is None else Path(path))
    if settings or open_readings:
        from fupin_policy.documents.settings import tried

        files = replace(files, settings=tried(settings, {}, open_readings))
    start = perf_counter()
    found = Ruleset(*(compiled_cache.through(files, lambda: _compiled(files)) if cache else _compiled(files)), files)
    told = {"ruleset": found.id, "digest": found.digest, "seconds": round(perf_counter() - start, 3)}
    record_event(_LOG, logging.INFO, "ruleset.loaded", **told)
    return found


def _compiled(files: RulesetFiles) -> tuple[Program, bytes, bytes]:
    from fupin_policy.check.files import check_files

    program = check_files(files)
    start = perf_counter()
    wasm = compile_program(program)
    ready = WasmEvaluator(program, wasm).serialize()
    told = {"ruleset": program.id, "digest": program.digest, "seconds": round(perf_counter() - start, 3)}
    record_event(_LOG, logging.INFO, "ruleset.compiled", **told, bytes=len(wasm))
    return program, wasm, ready


def check_folder(folder: Path, reporter: Reporter | None = None, settings: Sequence[str] = ()) -> Program:
    """The checked program of a folder. Raises RulesetError with every error found. `settings` are as `load` takes them.

    Warnings are left in `reporter`; without one they go to the log `fupin_policy`, which by default is shown.
    """
    from fupin_policy.check.files import check_files

    return check_files(replace(_files(folder), settings=tuple(settings)), reporter)


def _files(folder: Path) -> RulesetFiles:
    """The files of a folder, and of the rulesets that it extends. Raises RulesetError where these cannot be read."""
    files = read_files(folder)
    if not files.maybe_extends:
        return files
    from fupin_policy.documents.extended_rulesets import with_bases

    return with_bases(files, Reporter())


def day_of(program: Program, as_of: date | str) -> date:
    """A date that a ruleset covers. Raises InputError for what is no date, or not covered."""
    reporter = Reporter()
    return to_date(reporter.result(read_date(as_of, program, reporter), InputError))


class Ruleset:
    """A checked and compiled ruleset. Immutable in what it says; safe to share between threads."""

    __slots__ = ("_builders", "_edges", "_evaluator", "_files", "_intake", "_nets", "_places", "_wasm", "program")

    def __init__(
        self, program: Program, wasm: bytes, serialized: bytes | None = None, files: RulesetFiles | None = None
    ) -> None:
        self.program = program
        self._files = files
        self._wasm = wasm
        self._evaluator = WasmEvaluator(program, wasm, serialized)
        self._intake = Intake(program)
        self._edges = breakpoints(program)
        self._builders: dict[int, DecisionBuilder] = {}
        self._nets: dict[int, Net] = {}
        self._places: dict[str, Ruleset] = {}

    def __reduce__(self) -> tuple[type[Ruleset], tuple[Program, bytes, None, RulesetFiles | None]]:
        """Pickled as its program and its module, which is made ready again where it is unpickled."""
        return Ruleset, (self.program, self._wasm, None, self._files)

    def __copy__(self) -> Ruleset:
        """Itself, as nothing in it can be changed."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Ruleset:
        """Itself, as nothing in it can be changed."""
        return self

    def with_values(self, values: Mapping[str, object], open_readings: Iterable[str] = ()) -> Ruleset:
        """The same rules where parameters have these values on every day: `{"参数.X": 150, "读法.Y": "满六十五"}`.

        Values are in the declared unit; `open_readings` (names, or `all`) are left open. What comes of it is a trial,
        named in the digest and every evaluation, of which no record is made. Raises RulesetError for an unknown
        parameter or a value out of range, ValueError for a ruleset not loaded from files.
        """
        from fupin_policy.documents.settings import tried

        if self._files is None:
            raise ValueError("values are tried in a ruleset that was loaded from its files")
        files = replace(self._files, settings=tried(self._files.settings, values, open_readings))
        return Ruleset(*_compiled(files), files)

    def evaluate(
        self, household: Mapping[str, Any], as_of: date | str, figures: Iterable[str] = (), **how: Unpack[ReadAs]
    ) -> Evaluation:
        """Every policy's decision for a household (see "A household as given") on a date, and every declared figure.

        `figures` names terms (in either language) to be told too. Of a fact that is not given it is taken, and said,
        what an earlier result `previous` (an `Evaluation`, or its JSON) says, or else, if `assume`, what it declares.
        Raises InputError with every problem found in the household, the date or the result, or for a name of no term.
        """
        asked = self.figures_named(figures)
        read, day, found = self._read(household, as_of, how)
        return self._with_figures(self._decided(read, day, found), asked, read, day)

    def decide(self, household: Household, day: int) -> Evaluation:
        """The decisions for a household already read, on a day (since 1970-01-01) that the ruleset covers."""
        return self._decided(self._intake.periods.as_of(household, day), day)

    def _decided(self, household: Household, day: int, known: Findings | None = None) -> Evaluation:
        """The same; `known` is what was found already of the household as it is given, if that was asked."""
        builder, given, needs = self._builder(day), household.given, self._evaluator.needs
        found = known if known is not None and given is None else self.findings(household, day)
        bare = None if given is None else (known or self.findings(given, day), once(lambda: needs(given, day)))
        shown = (found, once(lambda: needs(household, day)))
        return self._evaluation(builder, household, day, builder.outputs(household, shown, bare))

    def findings(self, household: Household, day: int) -> Findings:
        """The bare outcomes and amounts for a household already read, on a covered day: what `decide` rests on."""
        return self._evaluator.evaluate(self._intake.periods.as_of(household, day), day)

    def interpret(
        self, household: Mapping[str, Any], as_of: date | str, figures: Iterable[str] = (), **how: Unpack[ReadAs]
    ) -> Evaluation:
        """What `evaluate` gives, by the interpreter that defines the meaning."""
        asked = self.figures_named(figures)
        read, day = self.read(household, as_of, **how)
        return self._with_figures(self._interpreted(self._builder(day), read, day)[0], asked, read, day)

    def figures_named(self, names: Iterable[str]) -> tuple[FigureDecl, ...]:
        """The figures of terms by their names, but for those that are outputs anyway. Raises InputError."""
        return asked_figures(self.program, names)

    def with_figures(self, names: Iterable[str]) -> Ruleset:
        """These rules compiled anew, with terms by their names as outputs too: for batches. Raises InputError."""
        asked = self.figures_named(names)
        program = replace(self.program, figures=(*self.program.figures, *asked))
        return Ruleset(program, compile_program(program)) if asked else self

    def _with_figures(
        self, found: Evaluation, asked: tuple[FigureDecl, ...], household: Household, day: int
    ) -> Evaluation:
        """The evaluation with terms besides that are no outputs, by the interpreter."""
        if not asked:
            return found
        builder, ids = self._builder(day), household.ids
        traces = interpreter.trace(builder.snapshot, household, day)
        values = [(one, [trace.value for trace in traces[one.definition]]) for one in asked]
        told = builder.told(household, values, lambda at: needs_of(traces, ids, [asked[at].definition]))
        if household.given is not None:
            bare = interpreter.trace(builder.snapshot, household.given, day)
            alike = [own == [trace.value for trace in bare[one.definition]] for one, own in values]
            told = builder.resting(household, told, alike, lambda at: needs_of(bare, ids, [asked[at].definition]))
        return replace(found, figures=(*found.figures, *told))

    def of(self, kind: str) -> Ruleset:
        """The rules for places of a kind (`village`, …), as households without members. Raises UnknownNameError."""
        if kind not in self._places:
            program = KnownNames("N234", "kind", self.program.by_place)[kind]
            self._places.setdefault(kind, Ruleset(program, compile_program(program)))
        return self._places[kind]

    def judge(self, place: Mapping[str, Any], as_of: date | str, **how: Unpack[ReadAs]) -> tuple[Judgement, ...]:
        """How each target for places of this ruleset's kind stands at the end of a day, by the place's figures.

        In the rules for households there are none; see `of`. Raises InputError.
        """
        read, day = self.read(place, as_of, **how)
        found, given = self._builder(day).snapshot, read.given
        bare = None if given is None else interpreter.trace(found, given, day)
        return judge(found, read, interpreter.trace(found, read, day), day, bare)

    def explain(
        self, household: Mapping[str, Any], as_of: date | str, policy: _Named | None = None, **how: Unpack[ReadAs]
    ) -> list[Explanation]:
        """Why each policy, or those named, came out as it did. Raises InputError, for no such policy too."""
        read, day = self.read(household, as_of, **how)
        ids = [one.id for one in self.policies]
        named = ids if policy is None else [policy] if isinstance(policy, str) else policy
        numbers = [ids.index(self.policy(one).id) for one in named]
        evaluation, traces = self._interpreted(self._builder(day), read, day)
        return self._explainer().explanations(read, day, evaluation, traces, numbers)

    def text(self, evaluation: Evaluation, lang: Lang = "zh") -> str:
        """What a household is told on one screen of an evaluation by these rules; what does not apply is counted."""
        return answer_text(evaluation, self.program, lang)

    def explain_figures(
        self, household: Mapping[str, Any], as_of: date | str, figures: Iterable[str] = (), **how: Unpack[ReadAs]
    ) -> list[FigureExplanation]:
        """How each declared figure was worked out, and each term that `figures` names besides. Raises InputError."""
        asked = self.figures_named(figures)
        read, day = self.read(household, as_of, **how)
        found, traces = self._interpreted(self._builder(day), read, day)
        return self._explainer().figures(read, day, self._with_figures(found, asked, read, day).figures, traces)

    def _explainer(self) -> Explainer:
        # not imported before something is explained: it takes a tenth of what loading takes
        from fupin_policy.explanation.explainer import Explainer

        return Explainer(self.program, self._intake.periods, self._builder, self._net)

    def read(self, household: Mapping[str, Any], as_of: date | str, **how: Unpack[ReadAs]) -> tuple[Household, int]:
        """A household and a date as evaluators take them. Raises InputError with every problem found."""
        return self._read(household, as_of, how)[:2]

    def _read(self, given: Mapping[str, Any], as_of: date | str, how: ReadAs) -> tuple[Household, int, Findings | None]:
        """The same, and what checks that reject had to find of the household as it is given, if there are any."""
        day = read_date(as_of, self.program, reporter := Reporter())
        # without a day nothing is told to lie after it
        read = self._intake.read(given, DAY_MAX if day is None else day, reporter, **how)
        found, on = reporter.result(read, InputError), reporter.result(day, InputError)
        known = report_violations(self.program, found, lambda one: self.findings(one, on), reporter)
        return reporter.result(found, InputError), on, known

    def compile(self, *, explanations: bool = False) -> bytes:
        """The one WebAssembly file that other systems embed, manifest included; on demand with what explains it."""
        if not explanations:
            return self._wasm
        from fupin_policy.explanation.host_rules import host_rules

        return with_explanations(self._wasm, host_rules(self.program))

    def serialize(self) -> bytes:
        """The module as compiled for this machine: what `Ruleset` takes as `serialized`, to be ready sooner."""
        return self._evaluator.serialize()

    @property
    def id(self) -> str:
        """The ruleset's name."""
        return self.program.id

    @property
    def digest(self) -> str:
        """`sha256:…` of what the ruleset says, in whichever files and order."""
        return self.program.digest

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy with its versions."""
        return self.program.policies

    @property
    def facts(self) -> tuple[FactDecl, ...]:
        """Every fact that a household may be given with."""
        return self.program.facts

    @property
    def parameters(self) -> Mapping[str, ParameterDecl]:
        """Every parameter with its dated values, by English name."""
        return KnownNames("N103", "parameter", self.program.parameters)

    @property
    def departments(self) -> Mapping[str, Department]:
        """Every department with its dated names, by id."""
        return KnownNames("N105", "department", self.program.departments)

    def policy(self, name: str) -> Policy:
        """A policy by its id or title. Raises UnknownNameError, with a suggestion; so do the next four."""
        return policy_named(self.program, name)

    def fact(self, name: str) -> FactDecl:
        """A fact by its name, its label in either language, or an alias."""
        return fact_named(self.program, name)

    def parameter(self, name: str) -> ParameterDecl:
        """A parameter by its name or label."""
        return parameter_named(self.program, name)

    def department(self, name: str) -> Department:
        """A department by its id or any name that it has or had."""
        return department_named(self.program, name)

    def clause(self, name: str | ClauseRef) -> Clause:
        """A registered clause, named `anfa-2018-31 4.2`, or as in the `basis` of a decision."""
        return clause_named(self.program, name)

    @property
    def breakpoints(self) -> tuple[date, ...]:
        """The dates on which something in the ruleset changes, the first covered day included."""
        return tuple(to_date(day) for day in self._edges)

    def snapshot(self, as_of: date | str) -> Snapshot:
        """The ruleset in CORE as it stands on a date. Raises InputError."""
        return self._builder(to_day(day_of(self.program, as_of))).snapshot

    def _builder(self, day: int) -> DecisionBuilder:
        known, edge = self._builders, self._edges[bisect_right(self._edges, day) - 1]
        return known.get(edge) or known.setdefault(edge, DecisionBuilder.of(snapshot(self.program, edge)))

    def _interpreted(self, builder: DecisionBuilder, household: Household, day: int) -> tuple[Evaluation, Traces]:

        def asked(one: Household) -> tuple[Asked, Traces]:
            traces = interpreter.trace(builder.snapshot, one, day)
            needs = once(lambda: needs_of_questions(self.program, traces, household.ids))
            return (interpreter.findings(builder.snapshot, traces), needs), traces

        shown, traces = asked(household)
        bare = None if household.given is None else asked(household.given)[0]
        return self._evaluation(builder, household, day, builder.outputs(household, shown, bare)), traces

    def _evaluation(
        self, builder: DecisionBuilder, household: Household, day: int, found: tuple[Decisions, Figures]
    ) -> Evaluation:
        decided = with_first_days(builder.snapshot, household, day, found[0])
        told = (decided, found[1], self.program.trial, derived_facts(self.program, household))
        return Evaluation(household.id, to_date(day), self.id, self.digest, *told)

    def worksheet(self, household: Household, day: int) -> Worksheet:
        """On which may be supposed what a household already read, on a covered day, is otherwise."""
        return Worksheet(self._net(day), household, (day, day))

    def _net(self, day: int) -> Net:
        edge = (rules := self._builder(day).snapshot).validity.start
        return self._nets.get(edge) or self._nets.setdefault(edge, Net.of_snapshot(rules))
