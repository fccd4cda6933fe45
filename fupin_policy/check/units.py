"""Units: what a word after a number means, and what becomes of units in products.

In: the ruleset's units. Out: `Units`. Called by `declarations` and `typing`.
人, 年, 月 and 天 only count: times or divided by them a value keeps its own unit (元 × 人 = 元).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.program import unit_text
from fupin_policy.core.types import PLAIN, Unit

YEARS_OLD: Unit = (("years_old", 1),)
YEAR: Unit = (("year", 1),)
MONTH: Unit = (("month", 1),)
DAY: Unit = (("day", 1),)
PERSON: Unit = (("person", 1),)

COUNTING = frozenset({"person", "year", "month", "day"})
_LENIENT = COUNTING | {"years_old"}


@dataclass(frozen=True, slots=True)
class UnitSense:
    """What a unit's word means: `power` says by which power of ten of the base it counts (万元: 4)."""

    unit: Unit
    power: int
    words: Bilingual


BUILT_IN: dict[str, UnitSense] = {
    word: UnitSense(unit, power, Bilingual(zh, en))
    for words, unit, power, zh, en in (
        (("%",), PLAIN, -2, "%", "%"),
        (("‰",), PLAIN, -3, "‰", "‰"),
        (("人", "person", "people"), PERSON, 0, "人", "person"),
        (("岁", "周岁", "years_old"), YEARS_OLD, 0, "岁", "years_old"),
        (("年", "year", "years"), YEAR, 0, "年", "year"),
        (("月", "个月", "month", "months"), MONTH, 0, "月", "month"),
        (("天", "日", "day", "days"), DAY, 0, "天", "day"),
    )
    for word in words
}


@dataclass(frozen=True, slots=True)
class Units:
    """All units of a ruleset, by every word for them; `money` is the one that amounts are in, if that is settled."""

    senses: Mapping[str, UnitSense]
    labels: Mapping[str, Bilingual]
    decimals: Mapping[str, int]
    money: str | None
    currency: str

    @property
    def amount_unit(self) -> Unit:
        """The unit of money; plain where that is not settled."""
        return PLAIN if self.money is None else ((self.money, 1),)

    def example_step(self) -> dict[str, str]:
        """The smallest sum of money that has a word of its own, `step` and `step_en`: what amounts are rounded to."""
        if self.money is None:
            return {"step": "0.01", "step_en": "0.01"}
        decimals = self.decimals.get(self.money, 0)
        finest = [s for s in self.senses.values() if s.unit == self.amount_unit and -s.power <= decimals]
        words = min(finest, key=lambda sense: sense.power).words if finest else Bilingual(self.money, self.money)
        return {"step": words.zh, "step_en": words.en}

    def example_rate(self, per: Unit) -> dict[str, str]:
        """Money per a unit, `rate` and `rate_en`; per person where that is no single unit or money itself."""
        single = len(per) == 1 and per[0][1] == 1 and per != self.amount_unit
        below = self.labels[(per if single else PERSON)[0][0]]
        above = Bilingual("元", "yuan") if self.money is None else self.labels[self.money]
        return {"rate": f"{above.zh}/{below.zh}", "rate_en": f"{above.en}/{below.en}"}

    def words(self, unit: Unit) -> Bilingual:
        """A unit in both languages."""
        return Bilingual(unit_text(unit, self.labels, "zh"), unit_text(unit, self.labels, "en"))

    def text(self, unit: Unit) -> str:
        """A unit as people write it; a plain number is 无单位."""
        return self.words(unit).zh if unit else "无单位 / plain"

    def sense(self, word: str) -> UnitSense | None:
        """What a unit's word, or a quotient of two such as 元/亩, means."""
        above, slash, below = word.partition("/")
        first = self.senses.get(above.strip())
        if not slash or first is None:
            return first
        second = self.senses.get(below.strip())
        if second is None or second.power or first.power:
            return None
        words = Bilingual(f"{first.words.zh}/{second.words.zh}", f"{first.words.en}/{second.words.en}")
        return UnitSense(product(first.unit, inverse(second.unit)), 0, words)


def inverse(unit: Unit) -> Unit:
    """One divided by a unit."""
    return tuple((base, -power) for base, power in unit)


def product(left: Unit, right: Unit) -> Unit:
    """The unit of a product; units that only count vanish beside another."""
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + power
    kept = {base: power for base, power in powers.items() if power}
    real = {base: power for base, power in kept.items() if base not in COUNTING}
    if real:
        return tuple(sorted(real.items()))
    single = [base for base, power in kept.items() if power == 1]
    return ((single[0], 1),) if len(kept) == 1 and single else PLAIN


def meaningful(unit: Unit) -> bool:
    """Whether a unit is a plain one, a single one, or a quotient; not a product such as 元·岁."""
    return sum(power for _, power in unit if power > 0) <= 1 and all(power >= -1 for _, power in unit)


def same(left: Unit, right: Unit) -> bool:
    """Whether values of two units can be added and compared; completed years of age are years."""
    return left == right or {left, right} == {YEARS_OLD, YEAR}


def takes_bare_numbers(unit: Unit) -> bool:
    """Whether a number without a unit may stand for this one: ages and counts, not money."""
    return unit == PLAIN or (len(unit) == 1 and unit[0][1] == 1 and unit[0][0] in _LENIENT)
