"""Tables of pages: cells of names, counts and money with bars that compare within one column.

In: groups of a summary. Out: what a template shows. Called by `summary_page` and `comparison_page`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fupin_policy.core.benefits import PER, times
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.ratios import ends_text, figure
from fupin_policy.prose.statuses import FORCES
from fupin_policy.prose.wording import in_brackets
from fupin_policy.reports.summary import PeriodTotals, SummaryGroup

BAR = 1000
"""How long the longest bar of a column is."""
YEARLY = "a year in all"
"""The column of what all periods come to in a year; what is paid once is not in it."""
_IN_A_YEAR = Bilingual("一年合计", "a year in all")
_FORCES: Mapping[str, Bilingual] = {f"{one.said.zh} / {one.said.en}": one.said for one in FORCES.values()}


@dataclass(frozen=True, slots=True)
class PageAmount:
    """An amount of a cell: both ends, what is given and paid, what is provisional, whose force; its bar in parts."""

    low: str
    high: str
    paid: str = ""
    unsure: str = ""
    force: str = ""
    bar: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyCell:
    """Amounts of one column; `sort` is what the cell is sorted by."""

    label: str
    sort: int
    amounts: tuple[PageAmount, ...]


@dataclass(frozen=True, slots=True)
class CountCell:
    """A number of something; `most` where it is open."""

    label: str
    count: int
    most: int | None = None


@dataclass(frozen=True, slots=True)
class TextCell:
    """Words."""

    label: str
    text: str


PageCell = MoneyCell | CountCell | TextCell


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row: its name with marks, what it may be picked by, its cells."""

    name: str
    cells: tuple[PageCell, ...]
    marks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageHead:
    """The heading of a column; that of a `word` is sorted as text."""

    text: str
    word: bool = False


@dataclass(frozen=True, slots=True)
class PageSection:
    """A table with its title; `by` says what its rows' groups are, `flags` by what else they may be picked."""

    id: str
    title: str
    heads: tuple[PageHead, ...]
    rows: tuple[PageRow, ...]
    note: str = ""
    by: str = ""
    flags: str = ""


@dataclass(frozen=True, slots=True)
class YearLine:
    """A line of how the yearly sum is worked out."""

    name: str
    amount: str
    times: int
    year: str
    unsure: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class MoneyColumns:
    """The columns of money of some groups: those periods that there are, and what they come to in a year."""

    decimals: int
    unit: str
    lang: Lang
    keys: tuple[str, ...]
    longest: Mapping[str, int]
    """By column the largest amount."""

    @classmethod
    def of(cls, groups: Sequence[SummaryGroup], decimals: int, unit: str, lang: Lang) -> MoneyColumns:
        """Those of groups that stand in one table."""
        there = {money.per for group in groups for money in group.money}
        keys: list[str] = [per for per in PER if per in there and per != "once"]
        keys += [YEARLY] if set(keys) - {"year"} else []
        keys += ["once"] if "once" in there else []
        longest = {
            key: max(abs(end) for group in groups for one in _under(group, key) for end in (one.low, one.high))
            for key in keys
        }
        return cls(decimals, unit, lang, tuple(keys), longest)

    def heads(self) -> tuple[PageHead, ...]:
        """The headings."""
        return tuple(PageHead(self._name(key) + in_brackets(self.unit, self.lang)) for key in self.keys)

    def cells(self, group: SummaryGroup) -> Iterator[MoneyCell]:
        """A group's cells. Where all of a policy's money is provisional a mark beside its name says so."""
        for key in self.keys:
            money = _under(group, key)
            told = [self._amount(one, key) for one in money]
            if group.key:
                told = [
                    replace(cell, unsure="" if one.provisional == one.high else cell.unsure)
                    for one, cell in zip(money, told, strict=True)
                ]
            yield MoneyCell(self._name(key), sum(one.high for one in money), tuple(told))

    def _name(self, key: str) -> str:
        return period_words(key, self.lang)

    def _amount(self, money: PeriodTotals, key: str) -> PageAmount:
        low, high = (figure(self.decimals, end) for end in (money.low, money.high))
        force, bar = force_words(money, self.lang), self._bar(money, key)
        return PageAmount(low, high, self._paid(money), self.unsure(money), force, bar)

    def _paid(self, money: PeriodTotals) -> str:
        paid = (money.paid_low, money.paid_high)
        if paid == (0, 0):
            return ""
        said = "自付" if self.lang == "zh" else "paid"
        own = f"{said} {ends_text(paid, self.decimals)}"
        if money.given == (0, 0):
            return own
        given = "给付" if self.lang == "zh" else "given"
        return f"{given} {ends_text(money.given, self.decimals)}{'，' if self.lang == 'zh' else ', '}{own}"

    def unsure(self, money: PeriodTotals) -> str:
        """What of an amount is provisional, in words; nothing where nothing is."""
        if not money.provisional:
            return ""
        if money.provisional == money.high:
            return "全部暂定" if self.lang == "zh" else "all provisional"
        told = figure(self.decimals, money.provisional)
        return f"其中暂定 {told}" if self.lang == "zh" else f"{told} of it provisional"

    def _bar(self, money: PeriodTotals, key: str) -> tuple[tuple[str, int, int], ...]:
        whole, longest = money.high or money.low, self.longest[key]
        if not whole:
            return ()
        long = max(1, BAR * abs(whole) // longest)
        if whole < 0:
            return (("paid", 0, long),)
        light = long * min(max(money.provisional, 0), whole) // whole
        return tuple(part for part in (("sure", 0, long - light), ("unsure", long - light, light)) if part[2])


def period_words(key: str, lang: Lang) -> str:
    """What a column of money is called: a period, or all of them in a year."""
    return pick(_IN_A_YEAR if key == YEARLY else PER[key], lang)


def force_words(money: PeriodTotals, lang: Lang) -> str:
    """The force of an amount that need not be given."""
    return pick(_FORCES[money.force], lang) if money.force else ""


def by_force(money: Iterable[PeriodTotals]) -> dict[str, list[PeriodTotals]]:
    """Amounts by their force."""
    found: dict[str, list[PeriodTotals]] = {}
    for one in money:
        found.setdefault(one.force, []).append(one)
    return found


def in_a_year(money: PeriodTotals) -> PeriodTotals:
    """What a period's amount comes to in a year."""
    often = times(money.per)
    low, high, provisional, paid_low, paid_high = (
        often * end for end in (money.low, money.high, money.provisional, money.paid_low, money.paid_high)
    )
    return PeriodTotals("year", low, high, provisional, paid_low, paid_high, money.force)


def year_sums(money: Iterable[PeriodTotals]) -> list[PeriodTotals]:
    """By force what all amounts but those paid once come to in a year."""
    return [_sum(map(in_a_year, some)) for some in by_force(one for one in money if one.per != "once").values()]


def _sum(money: Iterable[PeriodTotals]) -> PeriodTotals:
    first, *rest = money
    for one in rest:
        first = replace(
            first,
            low=first.low + one.low,
            high=first.high + one.high,
            provisional=first.provisional + one.provisional,
            paid_low=first.paid_low + one.paid_low,
            paid_high=first.paid_high + one.paid_high,
        )
    return first


def _under(group: SummaryGroup, key: str) -> list[PeriodTotals]:
    return year_sums(group.money) if key == YEARLY else [one for one in group.money if one.per == key]


def year_lines(group: SummaryGroup, columns: MoneyColumns) -> list[YearLine]:
    """How the yearly sum comes about: what is multiplied by what; what is paid once stands apart below."""
    found, lang, decimals = list[YearLine](), columns.lang, columns.decimals
    for some in by_force(group.money).values():
        ordered = sorted(some, key=lambda one: [*PER].index(one.per))
        for one in (money for money in ordered if money.per != "once"):
            year = ends_text((in_a_year(one).low, in_a_year(one).high), decimals)
            amount = ends_text((one.low, one.high), decimals)
            name = _with_force(pick(PER[one.per], lang), one, lang)
            found.append(YearLine(name, amount, times(one.per), year, columns.unsure(in_a_year(one))))
        for one in year_sums(some):
            name = _with_force(pick(_IN_A_YEAR, lang), one, lang)
            found.append(YearLine(name, "", 0, ends_text((one.low, one.high), decimals), columns.unsure(one), True))
        for one in (money for money in ordered if money.per == "once"):
            name = _with_force("一次（另计）" if lang == "zh" else "once (apart)", one, lang)
            found.append(YearLine(name, ends_text((one.low, one.high), decimals), 0, "", columns.unsure(one)))
    return found


def _with_force(name: str, money: PeriodTotals, lang: Lang) -> str:
    force = force_words(money, lang)
    return f"{name} · {force}" if force else name
