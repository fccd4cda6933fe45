"""What files say of values and conditions, parsed at once, so that all mistakes are reported, and typed when asked for.

In: expressions and tables where they stand. Out: `Make`s. Called by `program`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fupin_policy.check.decision_tables import slices, table
from fupin_policy.check.definition_sources import Make
from fupin_policy.check.figure_terms import in_declared_unit
from fupin_policy.check.parsed import DecisionTable, Slices, TableRow
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.typing import Typer
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import PARAMETER, reading_named
from fupin_policy.core.expressions import And, Expr
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import ExpressionDoc, RowDoc, RuleBodyDoc, SlicesDoc, TableDoc, TextDoc
from fupin_policy.language import syntax
from fupin_policy.language.kept_trees import Parse
from fupin_policy.language.parser import Start
from fupin_policy.language.syntax import Syntax, walk

_DECLARED = {
    "truth": Bilingual("是否", "a truth value"),
    "number": Bilingual("数字", "a number"),
    "date": Bilingual("日期", "a date"),
    "code": Bilingual("代码", "a code"),
}
"""What a term may declare to be, in words."""
_PARAMETER = re.compile(r"\b(?:参数|parameter)\s*[.．]")
_OF_SOMEBODY = (
    syntax.Name
    | syntax.Text
    | syntax.AsOf
    | syntax.Outcome
    | syntax.AmountRef
    | syntax.Quantified
    | syntax.ListAggregate
    | syntax.ThisItem
    | syntax.EarlierItem
)


@dataclass(frozen=True, slots=True)
class Makers:
    """Parses what files say. `words` are every name, code and unit."""

    reporter: Reporter
    words: frozenset[str]
    asked: frozenset[str]
    """The words for facts and terms among them."""
    parameters: frozenset[str]
    """The words for parameters."""
    parse: Parse

    def term(self, doc: model.TermDoc, body: RuleBodyDoc) -> Make:
        """A value of a term, of the type that it declares; a check is a condition."""
        if doc.check is not None and isinstance(body, ExpressionDoc):
            return self.condition(body)
        wanted = None if doc.codes is None else doc.codes.text
        value = self.value(body, wanted)

        def make(typer: Typer) -> Expr:
            return _as_declared(typer, doc, value(typer), wanted, doc.output)

        return make

    def formula(self, doc: model.ParameterDoc, text: TextDoc, keys: tuple[str, ...]) -> Make | None:
        """The value of a parameter that is worked out from others; None where what is written is no formula."""
        named = names_parameter(text.text)
        tree = self.parse(text.span, self.reporter if named else Reporter(), "expression", self.words)
        nodes = [] if tree is None else walk(tree)
        asked = doc.type == "number" and isinstance(tree, syntax.Name) and tree.text in self.asked
        worked_out = len(nodes) > 1 and any(isinstance(node, syntax.Name) for node in nodes)
        if tree is None or not (named or asked or worked_out):
            return _broken if named else None
        foreign = next((node for node in nodes if _of_somebody(node)), None)
        if foreign is not None:
            name = "" if foreign.span is None else " ".join(foreign.span.text.split())
            meant = f"{PARAMETER.zh}.{name}" if name in self.parameters else None
            self.reporter.report("N170", foreign.span, suggestion=meant, name=name, label=doc.label.text)
            return _broken
        exact = doc.unit is not None or doc.decimals is not None

        def make(typer: Typer) -> Expr:
            for node in nodes:
                if isinstance(node, syntax.ParameterRef) and not _lifts(typer, node, keys, doc):
                    return BROKEN
            return _as_declared(typer, doc, typer.expr(tree), None, exact)

        return make

    def value(self, value: RuleBodyDoc, code_list: str | None = None) -> Make:
        """What types a value when it is wanted; its text is parsed now, so that all mistakes in it are reported."""
        match value:
            case ExpressionDoc():
                return self._expression(value, code_list)
            case TableDoc():
                parsed = self._table(value)
                return _broken if parsed is None else lambda typer: table(typer, parsed, _known_list(typer, code_list))
            case SlicesDoc():
                parts = self._slices(value)
                return _broken if parts is None else lambda typer: slices(typer, parts)

    def _expression(self, value: ExpressionDoc, code_list: str | None) -> Make:
        tree = self._parse(value)
        if tree is None:
            return _broken

        def make(typer: Typer) -> Expr:
            known = _known_list(typer, code_list)
            return typer.expr(tree) if known is None else typer.code(tree, known)

        return make

    def condition(self, value: ExpressionDoc) -> Make:
        """A condition."""
        tree = self._parse(value)
        return _broken if tree is None else lambda typer: typer.truth(tree)

    def conditions(self, values: Sequence[ExpressionDoc]) -> Make:
        """Conditions that must all hold, in order."""
        made = [self.condition(value) for value in values]

        def make(typer: Typer) -> Expr:
            found = [one(typer) for one in made]
            if any(isinstance(expr.type, ErrorType) for expr in found):
                return BROKEN
            return found[0] if len(found) == 1 else And(tuple(found), values[-1].span)

        return make

    def _parse(self, given: ExpressionDoc, start: Start = "expression") -> Syntax | None:
        if given.escaped:
            self.reporter.report("T225", given.span)
            return None
        return self.parse(given.span, self.reporter, start, self.words)

    def _table(self, doc: TableDoc) -> DecisionTable | None:
        by = [self._parse(column) for column in doc.by]
        rows = [self.row(row) for row in doc.rows]
        otherwise = None if doc.otherwise is None else self._parse(doc.otherwise)
        if None in by or None in rows or (doc.otherwise is not None and otherwise is None):
            return None
        span = doc.by[0].span if doc.by else rows[0].span if rows[0] else doc.span
        return DecisionTable(tuple(b for b in by if b), tuple(r for r in rows if r), otherwise, span, doc.keep)

    def _slices(self, doc: SlicesDoc) -> Slices | None:
        of = self._parse(doc.of)
        rows = [self.row(row) for row in doc.rows]
        rounding = None if doc.rounding is None else self._parse(doc.rounding, "rounding_spec")
        if of is None or None in rows or (doc.rounding is not None and not isinstance(rounding, syntax.RoundingStep)):
            return None
        kept = rounding if isinstance(rounding, syntax.RoundingStep) else None
        return Slices(of, tuple(r for r in rows if r), kept, doc.of.span)

    def row(self, doc: RowDoc) -> TableRow | None:
        """A row of a table, parsed; None where that is reported."""
        cells = [tuple(self._parse(part, "cell") for part in cell) for cell in doc.cells]
        value = self._parse(doc.value)
        when = None if doc.when is None else self._parse(doc.when)
        if value is None or (doc.when is not None and when is None):
            return None
        if doc.when is not None:
            return TableRow((), value, doc.when.span, when)
        if any(part is None for cell in cells for part in cell):
            return None
        kept = tuple(tuple(part for part in cell if part is not None) for cell in cells)
        return TableRow(kept, value, doc.cells[0][0].span if doc.cells and doc.cells[0] else doc.span)


def names_parameter(text: str) -> bool:
    """Whether a parameter's value names another one, and so is a formula."""
    return _PARAMETER.search(text) is not None


def _as_declared(
    typer: Typer, doc: model.TermDoc | model.ParameterDoc, expr: Expr, code_list: str | None, exact: bool
) -> Expr:
    """A value of the type, and in the unit, that is declared; if `exact` at the decimals."""
    if isinstance(expr.type, ErrorType):
        return expr
    if not _is_declared(expr, doc.type, code_list):
        kinds, asked = typer.kinds(found=expr.type), _DECLARED[doc.type or ""]
        return typer.wrong("T226", doc.name.span, wanted=asked.zh, wanted_en=asked.en, **kinds)
    return in_declared_unit(typer, doc, expr, exact)


def _lifts(typer: Typer, node: syntax.ParameterRef, keys: tuple[str, ...], doc: model.ParameterDoc) -> bool:
    """Whether a parameter by keys stands in a formula whose own keys these are among; reported where it does not."""
    base = typer.scope.parameters.get(node.name)
    lacking = [] if base is None else [key for key in base.keys if key not in keys]
    if base is not None and lacking:
        typer.wrong("N172", node, name=base.label, label=doc.label.text, keys=lacking)
    return not lacking


def _of_somebody(node: Syntax) -> bool:
    """Whether something differs from household to household or from day to day: no parameter is worked out from it."""
    if isinstance(node, syntax.Name) and reading_named(node.text) is not None:
        return False
    return isinstance(node, _OF_SOMEBODY) or (isinstance(node, syntax.DateDiff) and node.end is None)


def _broken(typer: Typer) -> Expr:
    return BROKEN


def _known_list(typer: Typer, code_list: str | None) -> str | None:
    return code_list if code_list in typer.scope.code_lists else None


def _is_declared(expr: Expr, kind: str | None, code_list: str | None) -> bool:
    """Whether a term's value is of the type that it declares, if it does."""
    match kind:
        case None:
            return True
        case "truth":
            return isinstance(expr.type, Truth)
        case "number":
            return isinstance(expr.type, Number)
        case "date":
            return isinstance(expr.type, Day)
        case _:
            return isinstance(expr.type, Code) and code_list in (None, expr.type.code_list)
