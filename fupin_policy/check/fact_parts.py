"""Facts that stand in several inputs: a date that may be none, and what has a value for each month or year.

In: a fact as declared. Out: the facts that evaluators know. Called by `declarations`.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactDecl, Series
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model

_PERIODS = {
    "month": (Bilingual("本月", "this month"), Bilingual("上月", "last month"), Bilingual("个月前", "months ago")),
    "year": (Bilingual("本年", "this year"), Bilingual("上年", "last year"), Bilingual("年前", "years ago")),
}
_BY_PERIOD = ("truth", "number", "code")


def parts(doc: model.FactDoc, fact: FactDecl, reporter: Reporter) -> list[FactDecl]:
    """A fact as evaluators know it: as one or several."""
    if doc.none is not None and (doc.type != "date" or doc.level not in ("household", "member")):
        reporter.report("N182", doc.none.span, fact=doc.label.text)
    if doc.each is not None:
        return _by_period(doc, fact, reporter)
    if doc.none is None or doc.type != "date":
        return [fact]
    beside = _beside(fact)
    return [replace(fact, absent=None, given=beside.name), beside]


def _beside(fact: FactDecl) -> FactDecl:
    """The truth fact beside a date that may be none: whether there is such a day."""
    label, label_en = f"有{fact.label}", f"there is a {fact.words.en}"
    same = FactDecl(f"{fact.name}.given", label, (), fact.level, "truth", Truth(), False, False)
    return replace(same, fixed=fact.fixed, label_en=label_en, absent=fact.absent, previous=fact.previous)


def _by_period(doc: model.FactDoc, fact: FactDecl, reporter: Reporter) -> list[FactDecl]:
    """One fact for each month or year, this one first."""
    assert doc.each is not None
    others = (doc.absent, doc.none, doc.previous)
    if doc.type not in _BY_PERIOD or doc.required or any(other is not None for other in others):
        reporter.report("N200", doc.name.span, fact=doc.label.text, fact_en=doc.name.text)
        return [fact]
    series = Series(fact.name, fact.label, fact.aliases, fact.label_en, doc.each, doc.back)
    return [_ago(fact, series, ago) for ago in range(doc.back + 1)]


def _ago(fact: FactDecl, series: Series, ago: int) -> FactDecl:
    this, last, earlier = _PERIODS[series.each]
    when = (this, last)[ago] if ago < 2 else Bilingual(f"{ago}{earlier.zh}", f"{ago} {earlier.en}")
    label, label_en = f"{fact.label}（{when.zh}）", f"{fact.words.en} ({when.en})"
    named = replace(fact, name=series.input(ago), label=label, label_en=label_en, aliases=())
    return replace(named, series=series, ago=ago, fixed=fact.fixed or ago > 0)
