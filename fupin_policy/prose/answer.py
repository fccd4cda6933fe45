"""All that one household is told, on one screen: money, services, what to ask on the visit, what was assumed.

In: an `Evaluation` and the program that made it. Out: text in Chinese or English. Called by `ruleset`.
What does not apply is only counted, and so is what was assumed for it: a list of decisions tells these one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.core.benefits import PER, BenefitKind, sign
from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Amount, Decision, Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.figures import Figure
from fupin_policy.core.policies import Force
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import in_columns
from fupin_policy.prose.amounts import amount_words
from fupin_policy.prose.audiences import audience_text, left_out, own_and_others
from fupin_policy.prose.figures_text import checks_lines, figure_line
from fupin_policy.prose.missing_facts import derived_lines, facts_assumed
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.opened_facts import OpenedFacts
from fupin_policy.prose.references import references_text
from fupin_policy.prose.statuses import FORCES, STATUSES, bodies_by_member, bodies_text
from fupin_policy.prose.wording import COLON, in_brackets, short_list, trial_lines, with_count

TITLES = 3
"""How many policies a fact is said to open by name; the others are counted."""
MISSING = 4
"""How many missing facts of a figure or a check of data are named, and how many such checks; the others are counted."""
QUESTIONS = 12
"""How many facts to ask are listed, and of those assumed; the others are counted."""
CLAUSES = 2
"""How many clauses a benefit is said to rest on; the others are counted."""
_WAYS: Mapping[int, Bilingual] = {
    1: Bilingual("钱", "money"),
    -1: Bilingual("自己要交的", "to be paid by the household"),
    0: Bilingual("可以借的", "loans"),
}
"""What stands above money, by which way it goes."""
_UNUSUAL: Mapping[int, Bilingual] = {-1: Bilingual("自付，", "own payment, "), 0: Bilingual("可借，", "loan, ")}
"""What is said before an amount that is not simply given, where no heading says so."""
_SERVICES = Bilingual("服务", "services")
_REGISTRY = Bilingual("在册状态的变动", "moves of the registry")
_ASK = Bilingual("上门要问", "to ask on the visit")
_ASSUMED = Bilingual("没有给出、先当作", "not given, assumed for now")
_APPLY = Bilingual("怎样办", "how to obtain it")
_PROVISIONAL = Bilingual("暂定", "provisional")
_NO_VALUE = Bilingual("规则里没有值，问不来", "no value in the rules, nobody to ask")


def answer_text(evaluation: Evaluation, program: Program, lang: Lang) -> str:
    """What a household gets now, what to ask, what was assumed; what does not apply as a count."""
    return "\n".join(_Answer(evaluation, program, lang).lines())


@dataclass(frozen=True, slots=True)
class _Answer:
    """One household's answer in one language."""

    evaluation: Evaluation
    program: Program
    lang: Lang

    def lines(self) -> Iterator[str]:
        """From top to bottom."""
        found, lang = self.evaluation, self.lang
        own, others = own_and_others(found.decisions)
        granted = [one for one in own if one.status is Status.ELIGIBLE]
        yield f"{found.household}  {found.as_of.isoformat()}"
        yield from trial_lines(found.trial, lang)
        yield from self._granted(granted)
        yield from self._obtaining(granted)
        yield from self._questions([*granted, *(one for one in own if one.status is Status.UNKNOWN)])
        yield from self._assumptions(granted)
        yield from self._refused([one for one in own if one.status is Status.INELIGIBLE])
        yield from left_out([one._replace(assumed=()) for one in others], lang)
        yield from (
            f"  = {figure_line(one._replace(assumed=()), lang, MISSING)}" for one in found.figures if _is_figure(one)
        )
        yield from derived_lines(found.derived, lang)
        yield from checks_lines(found.figures, lang, MISSING)

    def _said(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def _granted(self, granted: Sequence[Decision]) -> Iterator[str]:
        """What is granted under its headings, by force where that is no entitlement; or that nothing is."""
        if not granted:
            yield f"  {self._said('现在没有可给的', 'nothing is granted now')}"
        for force in FORCES:
            for words, some in self._kinds([one for one in granted if one.force == force]):
                yield f"  {self._heading(words, force, some)}"
                yield from (f"    {line}" for line in in_columns([self._row(one) for one in some]))

    def _kinds(self, granted: Sequence[Decision]) -> Iterator[tuple[Bilingual, list[Decision]]]:
        """Money by which way it goes, what has no amount, what only moves the registry; those that are there."""
        kinds = {one.policy: self._kind(one) for one in granted}
        services = [one for one in granted if one.amount is None]
        for way, words in _WAYS.items():
            if some := [one for one in granted if one.amount is not None and sign(kinds[one.policy]) == way]:
                yield words, some
        if some := [one for one in services if kinds[one.policy] != "registration"]:
            yield _SERVICES, some
        if some := [one for one in services if kinds[one.policy] == "registration"]:
            yield _REGISTRY, some

    def _kind(self, decision: Decision) -> BenefitKind:
        """What a policy gives on the day; it is in force, as it was decided."""
        policy = next(one for one in self.program.policies if one.id == decision.policy)
        version = policy.version_on(to_day(self.evaluation.as_of))
        return "service" if version is None else version.benefit.kind

    def _heading(self, words: Bilingual, force: Force, decisions: Sequence[Decision]) -> str:
        """`钱（共每月 160.00 元，每年 740.00 元）`."""
        beside = [] if force == "entitlement" else [pick(FORCES[force].said, self.lang)]
        beside += self._totals(decisions) if len(decisions) > 1 else []
        apart = "；" if self.lang == "zh" else "; "
        return pick(words, self.lang) + (in_brackets(apart.join(beside), self.lang) if beside else "")

    def _totals(self, decisions: Iterable[Decision]) -> list[str]:
        """`共每月 160.00 元，每年 740.00 元`: a sum for each period; nothing where there is no money."""
        sums: dict[str, Amount] = {}
        for one in decisions:
            if (amount := one.amount) is not None:
                before = sums.get(amount.per, amount._replace(low=0, high=0))
                sums[amount.per] = before._replace(low=before.low + amount.low, high=before.high + amount.high)
        told = [self._amount(sums[per]) for per in PER if per in sums]
        return [self._said("共", "together ") + self._said("，", ", ").join(told)] if told else []

    def _amount(self, amount: Amount) -> str:
        return amount_words(amount, self.program, self.lang)

    def _row(self, decision: Decision) -> list[str]:
        """Title, amount, for whom, who answers, on which clause."""
        lang = self.lang
        beside = audience_text(decision, lang)
        title = pick(decision.title, lang) + (in_brackets(beside, lang) if beside else "")
        amount = "" if decision.amount is None else self._amount(decision.amount)
        if decision.amount is not None and decision.provisional:
            amount += in_brackets(pick(_PROVISIONAL, lang), lang)
        bodies = bodies_by_member(decision, lang) or bodies_text(decision.lead, decision.possible_lead, lang)
        basis = references_text(decision.basis[:CLAUSES], self.program.sources, lang)
        return [
            title,
            amount,
            decision.beneficiaries_text,
            bodies,
            with_count(basis, len(decision.basis), CLAUSES, lang),
        ]

    def _obtaining(self, granted: Iterable[Decision]) -> Iterator[str]:
        """How to obtain what does not come by itself; the count of what does."""
        told = [(one, one.obtain) for one in granted if one.obtain is not None]
        asked = [(one, obtain) for one, obtain in told if obtain.how != "automatic"]
        if not told:
            return
        rest = len(told) - len(asked)
        beside = self._said(f"另 {rest} 项自动办理，不用申请", f"{rest} more come without an application")
        yield f"  {pick(_APPLY, self.lang)}{in_brackets(beside, self.lang) if rest else ''}"
        for one, obtain in asked:
            words = pick(obtain_words(obtain, one.where), self.lang)
            yield f"    {pick(one.title, self.lang)}{COLON[self.lang]}{words}"

    def _questions(self, decisions: Iterable[Decision]) -> Iterator[str]:
        """A line a fact with what it would open, those first that open most; then what no household can tell."""
        facts, lacking = OpenedFacts(self.lang), OpenedFacts(self.lang)
        for one in decisions:
            amount = "" if one.amount is None else in_brackets(self._opened(one, one.amount), self.lang)
            for missing in [*one.missing, *one.departments_missing]:
                to = facts if missing.parameter is None else lacking
                to.add(missing, "", pick(one.title, self.lang) + amount)
        yield from self._listed(facts, pick(_ASK, self.lang))
        beside = in_brackets(pick(_NO_VALUE, self.lang), self.lang)
        for name, titles in lacking.told():
            yield f"  ? {name}{beside}  →  {self._titles(titles)}"

    def _opened(self, decision: Decision, amount: Amount) -> str:
        """What would come, and which way the money goes where the household would pay it, now or later."""
        way = _UNUSUAL.get(sign(self._kind(decision)))
        return self._amount(amount) if way is None else f"{pick(way, self.lang)}{self._amount(amount)}"

    def _assumptions(self, granted: Iterable[Decision]) -> Iterator[str]:
        """What was assumed for what is granted and for the figures; for what is refused it is only counted."""
        facts = OpenedFacts(self.lang)
        figures = filter(_is_figure, self.evaluation.figures)
        resting = [(one.title, one.assumed) for one in granted]
        for title, taken in [*resting, *((one.figure.words, one.assumed) for one in figures)]:
            for one in taken:
                facts.add(one.fact, f"={pick(one.assumption.words, self.lang)}", pick(title, self.lang))
        yield from self._listed(facts, pick(_ASSUMED, self.lang))

    def _listed(self, facts: OpenedFacts, heading: str) -> Iterator[str]:
        """Facts with what they open, those first that open most; the last are counted."""
        told = sorted(facts.told(), key=lambda one: -len(one[1]))
        if told:
            count, opened = len(told), len({title for _, titles in told for title in titles})
            beside = self._said(f"{count} 项，关系到 {opened} 项", f"{count}, for {counted(opened, 'decision')}")
            yield f"  {heading}{in_brackets(beside, self.lang)}"
        for name, titles in told[:QUESTIONS]:
            yield f"    {name}  →  {self._titles(titles)}"
        if (rest := len(told) - QUESTIONS) > 0:
            yield f"    {self._said(f'还有 {rest} 项，加 --all 列出', f'{rest} more; shown with --all')}"

    def _titles(self, titles: Sequence[str]) -> str:
        """`临时救助（每年 0.00–500.00 元）、助学金 等 5 项`."""
        return short_list(titles, TITLES, self.lang)

    def _refused(self, refused: Sequence[Decision]) -> Iterator[str]:
        """How many policies do not apply, of these those that rest on unsourced values or on what was assumed."""
        if not refused:
            return
        unsure, count = sum(one.provisional for one in refused), len(refused)
        assumed = {text.said(self.lang) for one in refused for text in one.assumed}
        resting = sum(bool(one.assumed) for one in refused)
        parts = [self._said(f"不适用 {count} 项", f"{count} {'does' if count == 1 else 'do'} not apply")]
        if unsure:
            parts.append(self._said(f"其中 {unsure} 项依据暂定的数值", f"{unsure} of them by a provisional value"))
        if resting:
            zh = f"{resting} 项依据没有给出、先当作的 {len(assumed)} 项资料"
            parts.append(self._said(zh, f"{resting} by {facts_assumed(len(assumed))}"))
        parts.append(self._said("加 --all 列出", "listed with --all"))
        yield f"  {STATUSES[Status.INELIGIBLE].mark} {self._said('，', ', ').join(parts)}"


def _is_figure(figure: Figure) -> bool:
    return figure.figure.check is None
