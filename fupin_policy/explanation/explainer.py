"""Why each decision on one household came out so: what a ruleset is asked to find that, day by day.

In: the rules on a day, and one household with its decisions and traces. Out: `Explanation`s. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.figures import Figure
from fupin_policy.core.household import Household
from fupin_policy.core.missing import Missing
from fupin_policy.core.periods import PeriodColumns, cut, facts_on
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Rule, stretches_after
from fupin_policy.core.traces import Traces
from fupin_policy.decisions.decision_builder import DecisionBuilder
from fupin_policy.decisions.missing import assumed_facts, needs_of
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.incremental import Net, Worksheet
from fupin_policy.explanation.advice import Advice, Refusal
from fupin_policy.explanation.explanation import Explanation, with_derived
from fupin_policy.explanation.figure_explanation import FigureExplanation, explain_figure
from fupin_policy.explanation.minimal_missing import needed_of
from fupin_policy.explanation.reasons import ReasonFinder, explain
from fupin_policy.explanation.sum_finder import SumFinder
from fupin_policy.explanation.wished_directions import Wishes


@dataclass(frozen=True, slots=True)
class Explainer:
    """A program as it is asked on any day: `builder_on` and `net_on` have the rules of that day."""

    program: Program
    periods: PeriodColumns
    builder_on: Callable[[int], DecisionBuilder]
    net_on: Callable[[int], Net]

    def explanations(
        self, household: Household, day: int, evaluation: Evaluation, traces: Traces, numbers: Sequence[int]
    ) -> list[Explanation]:
        """Why the policies with these numbers came out as they did."""
        builder, sheet = self.builder_on(day), Worksheet(self.net_on(day), household, (day, day))
        later = cache(lambda on: self._sheet(sheet, on))
        assumed = assumed_facts(self.program, household)
        finder = ReasonFinder(facts_on(builder.snapshot, day), traces, household.ids, assumed)
        payable = [self.program.policies[number].payable for number in numbers]
        sums = SumFinder.of(finder, household, day, payable)
        found, wishes = list[Explanation](), cache(lambda: Wishes.of(sheet, day))
        for number in numbers:
            rule, decision = builder.snapshot.rules[number], evaluation.decisions[number]
            if decision.missing:
                decision = decision._replace(missing=needed_of(sheet, rule.policy, decision.missing))
            told = replace(explain(finder, rule, decision, day), sum=sums.of_amount(rule))
            if decision.status is Status.INELIGIBLE:
                told = replace(told, advice=self._advice(sheet, later, day, rule, wishes()))
            found.append(with_derived(told, evaluation.derived))
        return found

    def figures(
        self, household: Household, day: int, figures: Sequence[Figure], traces: Traces
    ) -> list[FigureExplanation]:
        """How each of some figures was worked out."""
        finder = ReasonFinder(facts_on(self.builder_on(day).snapshot, day), traces, household.ids)
        sums = SumFinder.of(finder, household, day, [figure.figure.definition for figure in figures])
        return [explain_figure(finder, sums, figure, day) for figure in figures]

    def _advice(
        self, sheet: Worksheet, later: Callable[[int], Worksheet], day: int, rule: Rule, wishes: Wishes
    ) -> Advice | None:
        """What would have to be otherwise for a policy that does not apply, unless another is drawn in its place."""
        policy, own = rule.policy, rule.policy.condition
        if own in sheet.net.of and any(sheet.values(own)):
            return None

        def missing(household: Household, on: int) -> tuple[Missing, ...]:
            alone = self.net_on(on).alone(policy)
            needs = needs_of(interpreter.trace(alone, household, on), household.ids, policy.results)
            return self.builder_on(on).missing(household, needs)

        edges = self.periods.breakpoints(sheet.household, day, self.program.covers.end - 1)
        stretches = cut(stretches_after(self.program, policy, day), edges)
        found = Refusal(policy, sheet, day, stretches, later, wishes, missing).advice()
        # of a policy that has ended there is nothing to advise
        return None if found.is_empty and rule.version is None else found

    def _sheet(self, sheet: Worksheet, day: int) -> Worksheet:
        """The worksheet of the same household by the rules of another day."""
        net, household = self.net_on(day), self.periods.as_of(sheet.household, day)
        return sheet if net is sheet.net and household is sheet.household else Worksheet(net, household, (day, day))
