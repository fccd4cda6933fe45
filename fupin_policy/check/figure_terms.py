"""Terms that are reported as figures: what may be one, and its unit and decimals, as those of formulas.

In: documents and their values, typed. Out: values at the declared decimals; CORE's figures. Called by `value_makers`
and `program`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from fupin_policy.check import units
from fupin_policy.check.common_types import fit
from fupin_policy.check.context import TypingContext
from fupin_policy.check.declarations import decimals_of, sense_of, words
from fupin_policy.check.numbers import at_scale, decimal_text, number
from fupin_policy.check.units import Units, UnitSense
from fupin_policy.core.bilingual import Bilingual, plain
from fupin_policy.core.expressions import Expr
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.outputs import DataCheck, FigureDecl
from fupin_policy.core.program import Definition
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import PLAIN, Day, Number
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc


def in_declared_unit(context: TypingContext, doc: model.TermDoc | model.ParameterDoc, expr: Expr, exact: bool) -> Expr:
    """The value of a term or a formula in the unit that it declares; if `exact` at its decimals, which it must fit."""
    if not isinstance(expr.type, Number) or not (exact or doc.unit):
        return expr
    known = context.scope.units
    if doc.unit is not None and known.sense(doc.unit.text) is None:
        hint = context.scope.reporter.suggest(doc.unit.text, known.senses)
        return context.wrong("N109", doc.unit.span, suggestion=hint, name=doc.unit.text)
    sense = _sense(doc, expr.type, known)
    fitted = fit(expr, sense.unit)
    found = number(fitted)
    if not units.same(found.unit, sense.unit):
        left, right = context.unit_word(sense.unit), context.unit_word(found.unit)
        return context.wrong("T203", doc.unit.span if doc.unit else doc.name.span, left=left, right=right)
    if not exact:
        return fitted
    decimals = decimals_of(sense, doc.decimals, known)
    scale = decimals - sense.power
    if found.scale > max(0, scale):
        step = _step(max(decimals, sense.power), sense)
        words = {"step": step.zh, "step_en": step.en, "what": f"“{doc.label.text}”", "what_en": f'"{doc.label.text}"'}
        most = max(decimals, sense.power)
        return context.wrong("T209", doc.name.span, scale=max(0, found.scale + sense.power), most=most, **words)
    return context.bounded(at_scale(fitted, max(0, scale)))


def figures(
    docs: Iterable[model.TermDoc],
    done: Mapping[DefinitionId, Definition],
    known: Units,
    reporter: Reporter,
    basis: Callable[[Sequence[TextDoc]], tuple[ClauseRef, ...]],
) -> tuple[FigureDecl, ...]:
    """The figures among the terms, in the order of their names, so that the order of files changes nothing.

    `basis` finds the clauses on which a check of data rests.
    """
    found: dict[str, FigureDecl] = {}
    for doc in docs:
        term = done.get(DefinitionId("term", doc.name.text))
        if term is None:
            continue
        if doc.due and not (doc.output and isinstance(term.type, Day)):
            reporter.report("T250", doc.name.span, name=doc.label.text)
        if doc.output:
            figure, part = _figure(doc, term, known), doc.check
            if part is not None:
                figure = replace(figure, check=DataCheck(part.severity, words(part.words), basis(part.basis)))
            found.setdefault(doc.name.text, figure)
    return tuple(found[name] for name in sorted(found))


def _figure(doc: model.TermDoc, term: Definition, known: Units) -> FigureDecl:
    shown = Bilingual(term.name.zh, plain(term.name.en))
    if not isinstance(term.type, Number):
        return FigureDecl(doc.name.text, shown, term.level, term.type, due=doc.due)
    sense = _sense(doc, term.type, known)
    unit = Bilingual(sense.words.zh, plain(sense.words.en)) if sense.words.zh else None
    return FigureDecl(doc.name.text, shown, term.level, term.type, unit, sense.power)


def _sense(doc: model.TermDoc | model.ParameterDoc, type_: Number, known: Units) -> UnitSense:
    """The declared unit, or else that of the value."""
    declared = None if doc.unit is None else sense_of(doc.unit, known)
    return declared or UnitSense(type_.unit, 0, Bilingual("", "") if type_.unit == PLAIN else known.words(type_.unit))


def _step(decimals: int, sense: UnitSense) -> Bilingual:
    """The least step of so many decimals in a unit, as it is written after 四舍五入到."""
    digits = decimal_text(1, max(0, decimals))
    return Bilingual(digits + sense.words.zh, f"{digits} {sense.words.en}".strip())
