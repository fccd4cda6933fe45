"""What is taken of a fact that is not given: a constant that the fact could be given as.

In: a fact's document and type. Out: an `Assumption`; what cannot be one is reported. Called by `declarations`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_

from fupin_policy.check.numbers import decimal_text
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import Assumption, CodeDecl, CodeList
from fupin_policy.core.possible import FALSE, TRUE, Value
from fupin_policy.core.types import Code, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.language.keywords import keywords

_NOT_FILLED_IN = re.compile(
    r"未填|未登记|未录入|未采集|未报|未核|待核|待查|待定|不详|不明|未知|空白|缺失"
    r"|unknown|unspecified|undetermined|missing|blank|unfilled|not_(?:filled|given|known|stated|recorded|reported)",
    re.IGNORECASE,
)
"""How a code is called that says only that nobody filled it in: if it were assumed, a rule could ask what is known."""

_INCOME_OR_GRADE = re.compile(
    r"收入|所得|工资|等级|级别|程度|income|wage|earnings|salary|grade|level|degree|severity", re.IGNORECASE
)
"""What is never to be assumed: it says who is in need, and a blank says nothing of it."""

ReadNumber = Callable[[str], int | None]
"""Reads a number in the fact's unit as an integer of its type; None for what is none."""


def assumption(
    doc: model.FactDoc, type_: Type | None, lists: Mapping[str, CodeList], number: ReadNumber, reporter: Reporter
) -> Assumption | None:
    """What a fact declares under `absent`; None where it declares nothing, or nothing that it may."""
    given = doc.absent
    if given is None or isinstance(type_, ErrorType):
        return None
    if doc.required:
        reporter.report("N160", given.span, fact=doc.label.text)
    elif doc.none is not None:
        return _none(doc, given, reporter)
    elif type_ is None or doc.type == "date":
        reporter.report("N161", given.span, fact=doc.label.text)
    else:
        known, wanted, wanted_en = known_words(type_, lists)
        if given.listed != (doc.type == "codes"):
            zh, en = ("一个列表，例如 []", "a list, as []") if doc.type == "codes" else (wanted, wanted_en)
            reporter.report("N162", given.span, value=given.span.text, fact=doc.label.text, wanted=zh, wanted_en=en)
            return None
        values = [known.get(word.text, number(word.text)) for word in given.words]
        for word, value in zip(given.words, values, strict=True):
            if value is None or not _fits(type_, value):
                hint, words = reporter.suggest(word.text, known), {"wanted": wanted, "wanted_en": wanted_en}
                reporter.report("N162", word.span, suggestion=hint, value=word.text, fact=doc.label.text, **words)
            elif isinstance(type_, Code) and _says_nothing(lists[type_.code_list].codes[value.bit_length() - 1]):
                reporter.report("N163", word.span, fact=doc.label.text, code=word.text)
        if _INCOME_OR_GRADE.search(f"{doc.name.text} {doc.label.text}") or doc.per is not None:
            reporter.report("N164", given.span, fact=doc.label.text)
        found = [value for value in values if value is not None]
        taken = (found[0], found[0]) if isinstance(type_, Number) and found else reduce(or_, found, 0)
        return Assumption(taken, _words(doc, type_, lists, taken), Bilingual(given.why.zh, given.why.en))
    return None


def _none(doc: model.FactDoc, given: model.AssumptionDoc, reporter: Reporter) -> Assumption | None:
    """Of a date that may be none only that may be assumed: that there is no such day."""
    if given.listed or given.words[0].text not in ("无", "none"):
        words = {"wanted": "无", "wanted_en": "'none'"}
        reporter.report("N162", given.span, value=given.span.text, fact=doc.label.text, **words)
        return None
    return Assumption(FALSE, Bilingual("否", "no"), Bilingual(given.why.zh, given.why.en))


def _words(doc: model.FactDoc, type_: Type, lists: Mapping[str, CodeList], taken: Value) -> Bilingual:
    """What is taken, as people read it: a truth or code by its name, a number as it is written, with its unit."""
    match type_, taken:
        case Truth(), _:
            return Bilingual("是", "yes") if taken == TRUE else Bilingual("否", "no")
        case Code(name), int(mask):
            held = [code.words for at, code in enumerate(lists[name].codes) if mask >> at & 1]
            return Bilingual("、".join(one.zh for one in held) or "无", ", ".join(one.en for one in held) or "none")
        case _:
            unit = "" if doc.unit is None else f" {doc.unit.text}"
            written = f"{''.join(word.text for word in doc.absent.words)}{unit}" if doc.absent else ""
            return Bilingual(written, written)


def known_words(type_: Type, lists: Mapping[str, CodeList]) -> tuple[dict[str, int], str, str]:
    """The words for values of a type, and what there is to choose from, in both languages."""
    match type_:
        case Truth():
            said = {TRUE: keywords()["TRUE"], FALSE: keywords()["FALSE"]}
            words = {word: bits for bits, one in said.items() for word in (*one.zh, *one.en)}
            return words, "“是”或“否”", "true or false"
        case Code(name):
            codes = lists[name].codes
            words = {word: 1 << at for at, one in enumerate(codes) for word in (one.code, one.name, one.label)}
            return words, f"代码表 {name} 的代码", f"a code of the list {name}"
        case Number(_, scale, low, high):
            ends = f"{decimal_text(low, scale)}..{decimal_text(high, scale)}"
            return {}, f"{ends} 之内的一个数", f"a number within {ends}"
        case _:
            raise AssertionError(type_)


def _fits(type_: Type, value: int) -> bool:
    return not isinstance(type_, Number) or type_.low <= value <= type_.high


def _says_nothing(code: CodeDecl) -> bool:
    return _NOT_FILLED_IN.search(f"{code.name} {code.label}") is not None
