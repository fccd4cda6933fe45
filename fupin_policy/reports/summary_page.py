"""A summary as one HTML file that needs nothing else: sorted, filtered and searched where it is, printed on A4.

In: a `Summary`. Out: HTML in Chinese or English. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual, level_words, pick
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.amounts import money_unit
from fupin_policy.prose.ratios import ends_text
from fupin_policy.prose.wording import trial_lines
from fupin_policy.reports.page_tables import (
    CountCell,
    MoneyColumns,
    PageHead,
    PageRow,
    PageSection,
    TextCell,
    force_words,
    year_lines,
    year_sums,
)
from fupin_policy.reports.pages import page_of
from fupin_policy.reports.summary import Summary, SummaryGroup

_HOUSEHOLDS, _PERSONS = Bilingual("户", "households"), Bilingual("人", "persons")
_OPEN, _PROVISIONAL = Bilingual("待核实（项）", "open decisions"), Bilingual("暂定", "provisional")
_STANDINGS = {
    "reported": Bilingual("已知，文件没有写明", "known, stated by no document"),
    "example": Bilingual("示例", "an example"),
}
TOP_FACTS = 3
"""How many of the facts that keep a policy open stand beside it."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number at the top of a page."""

    name: str
    value: str
    beside: str = ""
    wide: bool = False


def as_html(summary: Summary, program: Program, lang: Lang = "zh") -> str:
    """The summary as a page in one language."""
    title = pick(program.title, lang)
    page = SummaryTables(summary, program, lang)
    found: dict[str, Any] = {
        "heading": f"{title} · 汇总" if lang == "zh" else f"{title} · summary",
        "days": ("、" if lang == "zh" else ", ").join(summary.days),
        "many": len(set(summary.days)) > 1,
        "unit": page.unit,
        "trial": [line.strip() for line in trial_lines(summary.trial, lang)],
        "asked": summary.facts is not None,
        "figures": page.figures(),
        "year": page.year(),
        "sections": page.sections(),
    }
    return page_of("summary.html", found, lang)


@dataclass(frozen=True, slots=True)
class SummaryTables:
    """What stands on the page of a summary: its key figures, the yearly sum, its tables; ids begin with `prefix`."""

    summary: Summary
    program: Program
    lang: Lang
    prefix: str = ""

    @property
    def unit(self) -> str:
        """What amounts are in."""
        return money_unit(self.program) if self.lang == "zh" else self.program.currency

    def figures(self) -> list[KeyFigure]:
        """Households, persons, what is open and refused, and the money of each period."""
        total = self.summary.total
        persons = "–".join(dict.fromkeys(f"{count:,}" for count in (total.persons, total.persons_max)))
        opened = self._say(f"涉及 {total.open_households:,} 户", f"of {total.open_households:,} households")
        found = [
            KeyFigure(self._say("能确定符合的户", "households entitled"), f"{total.households:,}"),
            KeyFigure(self._say("能确定符合的人", "persons entitled"), persons),
            KeyFigure(pick(_OPEN, self.lang), f"{total.open:,}", opened),
        ]
        if self.summary.rejects:
            rows = sum(one.rows for one in self.summary.rejects)
            found.append(KeyFigure(self._say("被拒的错误（处）", "faults of refused rows"), f"{rows:,}"))
        ordered = [one for per in PER for one in total.money if one.per == per]
        sums = year_sums(total.money) if {one.per for one in ordered} - {"year", "once"} else []
        named = [(one, pick(PER[one.per], self.lang)) for one in ordered if one.per != "once"]
        named += [(one, self._say("一年合计", "a year in all")) for one in sums]
        named += [(one, pick(PER[one.per], self.lang)) for one in ordered if one.per == "once"]
        for money, name in named:
            told = f"{ends_text((money.low, money.high), self.program.decimals)} {self.unit}"
            unsure = self._columns([total]).unsure(money)
            force = force_words(money, self.lang)
            found.append(KeyFigure(f"{name} · {force}" if force else name, told, unsure, wide=True))
        return found

    def year(self) -> list[Any]:
        """How the yearly sum is worked out."""
        return list(year_lines(self.summary.total, self._columns([self.summary.total])))

    def sections(self) -> list[PageSection]:
        """All tables."""
        summary, say = self.summary, self._say
        lead = say("牵头部门", "leading department")
        months = summary.months if len(summary.months) > 1 else ()
        return [
            self.policies(),
            self._groups("departments", say("按牵头部门", "By leading department"), lead, summary.departments),
            self._groups("places", say("按乡镇", "By town"), say("乡镇", "town"), summary.places),
            self._groups("villages", say("按村", "By village"), say("村", "village"), summary.villages, self._town),
            self._groups("months", say("按月份", "By month"), say("月份", "month"), months),
            self._groups("forces", say("按效力", "By force"), say("效力", "force"), summary.forces),
            self._facts(),
            self._checks(),
            self._rejects(),
            self._provisional(),
            self._assumed(),
        ]

    def policies(self) -> PageSection:
        """The policies in the order of the rules, with who leads and what is most asked for."""
        lead, titles = self._say("牵头部门", "leading department"), self._most_asked()
        asked = Bilingual("主要待核实", "mostly open for")

        def beside(group: SummaryGroup) -> list[TextCell]:
            bodies = self._say("、", ", ").join(pick(body, self.lang) for body in group.within)
            cells = [TextCell(lead, bodies)]
            return [*cells, TextCell(pick(asked, self.lang), titles.get(group.key, ""))] if titles else cells

        heads = (lead, *([pick(asked, self.lang)] if titles else []))
        title = self._say("按政策", "By policy")
        note = self._say("按规则集的顺序", "in the order of the rules")
        groups, policy = self.summary.policies, self._say("政策", "policy")
        rows = self._rows(groups, beside)
        return PageSection(
            f"{self.prefix}policies", title, self._heads(policy, heads, groups), rows, note, lead, "open provisional"
        )

    def _town(self, group: SummaryGroup) -> list[TextCell]:
        return [TextCell(self._say("乡镇", "town"), pick(group.within[0], self.lang))]

    def _groups(
        self,
        id: str,
        title: str,
        name: str,
        groups: Sequence[SummaryGroup],
        beside: Any = lambda group: [],
    ) -> PageSection:
        further = [cell.label for cell in beside(groups[0])] if groups else []
        heads = self._heads(name, further, groups)
        return PageSection(
            f"{self.prefix}{id}", title, heads, self._rows(groups, beside), by="".join(further), flags="open"
        )

    def _heads(self, name: str, further: Iterable[str], groups: Sequence[SummaryGroup]) -> tuple[PageHead, ...]:
        counts = (PageHead(pick(words, self.lang)) for words in (_HOUSEHOLDS, _PERSONS, _OPEN))
        words = (PageHead(one, word=True) for one in (name, *further))
        return (*words, *counts, *self._columns(groups).heads())

    def _rows(self, groups: Sequence[SummaryGroup], beside: Any) -> tuple[PageRow, ...]:
        columns = self._columns(groups)
        return tuple(
            PageRow(
                pick(group.words, self.lang),
                (*beside(group), *self._counts(group), *columns.cells(group)),
                (pick(_PROVISIONAL, self.lang),) if group.key and group.provisional else (),
                tuple(pick(one, self.lang) for one in group.within),
                (*(["open"] if group.open else []), *(["provisional"] if group.provisional else [])),
            )
            for group in groups
        )

    def _counts(self, group: SummaryGroup) -> Iterator[CountCell]:
        counts = (group.households, None), (group.persons, group.persons_max), (group.open, None)
        for words, (count, most) in zip((_HOUSEHOLDS, _PERSONS, _OPEN), counts, strict=True):
            yield CountCell(pick(words, self.lang), count, most)

    def _columns(self, groups: Sequence[SummaryGroup]) -> MoneyColumns:
        return MoneyColumns.of(groups, self.program.decimals, self.unit, self.lang)

    def _most_asked(self) -> dict[str, str]:
        """By policy the facts that keep most of its decisions open."""
        found: dict[str, list[tuple[int, str]]] = {}
        for fact in self.summary.facts or ():
            for policy, count in fact.policies:
                found.setdefault(policy, []).append((count, pick(fact.words, self.lang)))
        most = {policy: sorted(facts, key=lambda one: -one[0])[:TOP_FACTS] for policy, facts in found.items()}
        comma = self._say("、", ", ")
        return {policy: comma.join(f"{name} {count:,}" for count, name in facts) for policy, facts in most.items()}

    def _facts(self) -> PageSection:
        say, titles = self._say, {one.id: pick(one.title, self.lang) for one in self.program.policies}
        heads = (
            say("要问的事项", "fact"),
            say("问谁", "of whom"),
            say("户", "households"),
            say("决定（项）", "decisions"),
        )
        opens = say("关系到的政策", "policies that it settles")
        rows = tuple(
            PageRow(
                pick(fact.words, self.lang),
                (
                    TextCell(heads[1], self._whom(fact.level, fact.askable)),
                    CountCell(heads[2], fact.households),
                    CountCell(heads[3], fact.decisions),
                    TextCell(opens, say("、", ", ").join(f"{titles[one]} {count:,}" for one, count in fact.policies)),
                ),
            )
            for fact in self.summary.facts or ()
        )
        note = say("户数多的在前；政策后面是项数", "those of most households first; policies with their decisions")
        return self._section(
            "facts", say("待核实的事项", "What is to be asked"), (*heads, opens), rows, note, (0, 1, 4)
        )

    def _whom(self, level: str, askable: bool) -> str:
        if not askable:
            return self._say("问不来：规则里没有值", "nobody: the rules lack it")
        return pick(Bilingual("明细的各项", "each item") if level == "item" else level_words(level), self.lang)

    def _checks(self) -> PageSection:
        named = {figure.words.zh: (figure, check) for figure, check in self.program.checks}
        heads = self._say("数据核对", "check of data"), self._say("户", "households"), self._say("说明", "what it says")
        rows = tuple(
            PageRow(
                pick(named[name][0].words, self.lang),
                (CountCell(heads[1], count), TextCell(heads[2], pick(named[name][1].words, self.lang))),
            )
            for name, count in self.summary.violated
        )
        note = self._say("只计结果中有决定的户", "of households with a decision")
        return self._section("checks", self._say("数据疑点", "Data that cannot be right"), heads, rows, note, (0, 2))

    def _rejects(self) -> PageSection:
        say = self._say
        heads = say("错误代码", "code"), say("栏", "column"), say("行", "rows"), say("户", "households")
        rows = tuple(
            PageRow(
                one.code,
                (TextCell(heads[1], one.column), CountCell(heads[2], one.rows), CountCell(heads[3], one.households)),
            )
            for one in self.summary.rejects
        )
        note = say("逐行见结果旁的 rejects.csv", "row by row in rejects.csv beside the result")
        return self._section("rejects", say("被拒的行", "Rows that were refused"), heads, rows, note, (0, 1))

    def _provisional(self) -> PageSection:
        say, titles = self._say, {one.id: pick(one.title, self.lang) for one in self.program.policies}
        heads = say("参数", "parameter"), say("性质", "standing"), say("依据它的政策", "policies that rest on it")
        rows = tuple(
            PageRow(
                pick(one.words, self.lang),
                (
                    TextCell(heads[1], pick(_STANDINGS[one.standing], self.lang)),
                    TextCell(heads[2], say("、", ", ").join(titles[policy] for policy in one.policies)),
                ),
            )
            for one in self.summary.provisional
        )
        return self._section("provisional", say("暂定的数值", "Provisional values"), heads, rows, "", (0, 1, 2))

    def _assumed(self) -> PageSection:
        words = {f"{one.label}={one.absent.words.zh}": one for one in self.program.facts if one.absent is not None}
        heads = self._say("没有给出而当作", "not given, taken to be"), self._say("决定（项）", "decisions")

        def told(name: str) -> str:
            absent = words[name].absent
            return f"{pick(words[name].words, self.lang)}={'' if absent is None else pick(absent.words, self.lang)}"

        rows = tuple(PageRow(told(name), (CountCell(heads[1], count),)) for name, count in self.summary.assumed)
        note = self._say("依据它的决定有几项", "how many decisions rest on it")
        return self._section("assumed", self._say("没有给出而当作", "What was assumed"), heads, rows, note, (0,))

    def _section(
        self, id: str, title: str, heads: Sequence[str], rows: tuple[PageRow, ...], note: str, words: Sequence[int]
    ) -> PageSection:
        headed = tuple(PageHead(text, word=at in words) for at, text in enumerate(heads))
        return PageSection(f"{self.prefix}{id}", title, headed, rows, note)

    def _say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en
