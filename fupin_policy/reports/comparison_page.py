"""A comparison as one HTML page: the change first, then both states as a summary shows them.

In: a `Comparison`, and the tables of both summaries. Out: HTML in Chinese or English. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.core.benefits import PER, times
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.ratios import figure
from fupin_policy.prose.wording import in_brackets, trial_lines
from fupin_policy.reports.comparison import Comparison, GroupChange, Side
from fupin_policy.reports.page_tables import (
    BAR,
    YEARLY,
    CountCell,
    MoneyCell,
    PageAmount,
    PageHead,
    PageRow,
    PageSection,
    TextCell,
    period_words,
)
from fupin_policy.reports.pages import page_of
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_page import KeyFigure, SummaryTables

_COUNTS = (
    Bilingual("新增户", "gain"),
    Bilingual("减少户", "lose"),
    Bilingual("净得增加", "get more"),
    Bilingual("净得减少", "get less"),
    Bilingual("变为待核实", "become open"),
    Bilingual("不再待核实", "are settled"),
)
_MIDDLE = BAR // 2


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A line of what a period's sum is before and after, and what that is in a year."""

    name: str
    before: str
    after: str
    change: str
    times: int
    year: str
    total: bool = False


def as_html(found: Comparison, lang: Lang = "zh", states: Sequence[SummaryTables] = ()) -> str:
    """The comparison as a page in one language, with the state before and that after where they are given."""
    page = _ComparisonTables(found, lang)
    named = page.say("改动前", "Before"), page.say("改动后", "After")
    shown = {
        "heading": page.say("政策改动的影响", "What the change does"),
        "days": found.as_of,
        "unit": page.unit,
        "trial": [line.strip() for line in trial_lines(found.trial, lang)],
        "figures": page.figures(),
        "sums": page.sums(),
        "sections": page.sections(),
        "changed": found.changed,
        "states": [
            (f"state-{number}", f"{name} · {pick(one.program.title, lang)}", one.figures(), one.policies())
            for number, (name, one) in enumerate(zip(named, states, strict=False))
        ],
    }
    return page_of("comparison.html", shown, lang)


def page_of_sides(found: Comparison, sides: Iterable[Side], lang: Lang) -> str:
    """The page of a comparison of two runs, with what each comes to."""
    prefixes = zip(("before-", "after-"), sides, strict=True)
    states = [
        SummaryTables(summarize([side.result], side.ruleset), side.ruleset.program, lang, prefix)
        for prefix, side in prefixes
    ]
    return as_html(found, lang, states)


@dataclass(frozen=True, slots=True)
class _ComparisonTables:
    """What stands on the page of a comparison."""

    found: Comparison
    lang: Lang

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    @property
    def unit(self) -> str:
        return self.found.unit if self.lang == "zh" else self.found.currency

    def figures(self) -> list[KeyFigure]:
        """How many households of each kind, who is refused by one side only, and what a year brings more."""
        found = [
            KeyFigure(pick(words, self.lang), f"{count:,}")
            for words, count in zip(_COUNTS, self.found.total.counts, strict=True)
        ]
        refused = (
            (self.found.refused_before, "只有改动前不能读的户", "refused before only"),
            (self.found.refused_after, "只有改动后不能读的户", "refused after only"),
        )
        aside = self.say("不计入其他各数", "in no other figure")
        found += [KeyFigure(self.say(zh, en), f"{count:,}", aside) for count, zh, en in refused if count]
        for key, change in self._changes(self.found.total).items():
            told = f"{self._signed(change[1] - change[0])} {self.unit}"
            arrow = f"{self._figure(change[0])} → {self._figure(change[1])}"
            found.append(KeyFigure(period_words(key, self.lang), told, arrow, wide=True))
        return found

    def sums(self) -> list[DifferenceLine]:
        """What each period's sum becomes, and how the yearly difference comes about."""
        lines = []
        for key, (before, after) in self._changes(self.found.total).items():
            often, total = times(key), key == YEARLY
            year = "" if key == "once" else self._signed((after - before) * (1 if total else often))
            change, shown = self._signed(after - before), 0 if total or key == "once" else often
            name = period_words(key, self.lang)
            lines.append(DifferenceLine(name, self._figure(before), self._figure(after), change, shown, year, total))
        return lines

    def sections(self) -> list[PageSection]:
        """The groups of which most changes, then all by policy, department and town."""
        found, say = self.found, self.say

        def town(change: GroupChange) -> list[TextCell]:
            return [TextCell(say("乡镇", "town"), pick(change.within, self.lang))]

        def nothing(change: GroupChange) -> list[TextCell]:
            return []

        biggest = say("变动最大的政策和乡镇", "Where most changes")
        return [
            self._section("biggest", biggest, say("政策", "policy"), found.biggest, town),
            self._section("policies", say("按政策", "By policy"), say("政策", "policy"), found.policies, nothing),
            self._section(
                "departments",
                say("按牵头部门", "By leading department"),
                say("牵头部门", "leading department"),
                found.departments,
                nothing,
            ),
            self._section("places", say("按乡镇", "By town"), say("乡镇", "town"), found.places, nothing),
        ]

    def _section(
        self,
        id: str,
        title: str,
        name: str,
        groups: Sequence[GroupChange],
        beside: Callable[[GroupChange], list[TextCell]],
    ) -> PageSection:
        keys = dict.fromkeys(key for group in groups for key in self._changes(group))
        ordered = [key for key in (*PER, YEARLY) if key in keys and key != "once"]
        ordered += ["once"] if "once" in keys else []
        longest = {
            key: max(abs(after - before) for group in groups for before, after in [self._change(group, key)])
            for key in ordered
        }
        words = (name, *(cell.label for cell in beside(groups[0]))) if groups else (name,)
        heads = [PageHead(one, word=True) for one in words]
        heads += [PageHead(pick(one, self.lang)) for one in _COUNTS]
        heads += [PageHead(period_words(key, self.lang) + in_brackets(self.unit, self.lang)) for key in ordered]
        rows = tuple(
            PageRow(
                pick(group.words, self.lang),
                (*beside(group), *self._counts(group), *self._money(group, longest)),
                groups=(pick(group.within, self.lang),),
                flags=tuple(self._flags(group)),
            )
            for group in groups
        )
        return PageSection(id, title, tuple(heads), rows, by=words[1] if len(words) > 1 else "", flags="gain loss")

    def _flags(self, group: GroupChange) -> Iterator[str]:
        if group.gain or group.more:
            yield "gain"
        if group.lose or group.less:
            yield "loss"

    def _counts(self, group: GroupChange) -> Iterator[CountCell]:
        for words, count in zip(_COUNTS, group.counts, strict=True):
            yield CountCell(pick(words, self.lang), count)

    def _money(self, group: GroupChange, longest: Mapping[str, int]) -> Iterator[MoneyCell]:
        for key, most in longest.items():
            before, after = self._change(group, key)
            size = after - before
            label = period_words(key, self.lang)
            if not (before or after):
                yield MoneyCell(label, 0, ())
                continue
            arrow, told = f"{self._figure(before)} → {self._figure(after)}", self._signed(size)
            yield MoneyCell(label, size, (PageAmount(told, told, arrow if size else "", bar=_bar(size, most)),))

    def _changes(self, group: GroupChange) -> dict[str, tuple[int, int]]:
        """By column what stood there and stands there now; a year in all, where there are several periods."""
        found: dict[str, tuple[int, int]] = {}
        by_per = {per: (before, after) for per, before, after in group.money}
        found |= {per: by_per[per] for per in PER if per in by_per and per != "once"}
        if set(found) - {"year"}:
            yearly = [(times(per) * before, times(per) * after) for per, (before, after) in found.items()]
            found[YEARLY] = (sum(before for before, _ in yearly), sum(after for _, after in yearly))
        return found | {per: by_per[per] for per in ("once",) if per in by_per}

    def _change(self, group: GroupChange, key: str) -> tuple[int, int]:
        if key == YEARLY:
            pairs = [(times(per) * one, times(per) * other) for per, one, other in group.money if per != "once"]
            return sum(one for one, _ in pairs), sum(other for _, other in pairs)
        return next(((before, after) for per, before, after in group.money if per == key), (0, 0))

    def _figure(self, smallest: int) -> str:
        return figure(self.found.decimals, smallest)

    def _signed(self, smallest: int) -> str:
        return ("+" if smallest > 0 else "") + self._figure(smallest)


def _bar(size: int, most: int) -> tuple[tuple[str, int, int], ...]:
    """To the right for more, to the left for less, from a line in the middle."""
    if not size:
        return ()
    long = max(1, _MIDDLE * abs(size) // most)
    start, kind = (_MIDDLE, "more") if size > 0 else (_MIDDLE - long, "less")
    return ((kind, start, long), ("axis", _MIDDLE, 3))
