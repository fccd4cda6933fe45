"""Rules that no module is made of yet, evaluated by the interpreter: those that ask about lists.

In: a program once, then households and days. Out: `Findings`, what is missing. Called by `ruleset`, where no module is.
"""

from __future__ import annotations

from bisect import bisect_right

from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import Need
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot, breakpoints, snapshot
from fupin_policy.core.traces import Findings, Traces
from fupin_policy.decisions.missing import needs_of_questions
from fupin_policy.evaluators import interpreter


class UncompiledEvaluator:
    """Evaluates households one by one. Safe to share between threads."""

    __slots__ = ("_edges", "_program", "_snapshots")

    def __init__(self, program: Program) -> None:
        self._program, self._edges = program, breakpoints(program)
        self._snapshots: dict[int, Snapshot] = {}

    def evaluate(self, household: Household, as_of: int) -> Findings:
        """What every rule and other output comes to on a covered day."""
        rules = self._on(as_of)
        return interpreter.findings(rules, interpreter.trace(rules, household, as_of))

    def needs(self, household: Household, as_of: int) -> tuple[tuple[Need, ...], ...]:
        """For each question of the program the inputs that keep it open."""
        traces: Traces = interpreter.trace(self._on(as_of), household, as_of)
        return needs_of_questions(self._program, traces, household.ids)

    def serialize(self) -> bytes:
        """Nothing: there is no module that could be made ready sooner."""
        return b""

    def _on(self, day: int) -> Snapshot:
        known, edge = self._snapshots, self._edges[bisect_right(self._edges, day) - 1]
        return known.get(edge) or known.setdefault(edge, snapshot(self._program, edge))
