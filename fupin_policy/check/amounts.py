"""Amounts in the currency's units, and those not proven to be at least zero: which way money goes a kind says, no sign.

In: a program. Out: a warning for each such amount, where it is written. Called by `program` and `definitions`.
"""

from __future__ import annotations

from fupin_policy.check.common_types import fit
from fupin_policy.check.numbers import at_scale, number
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.typing import Typer
from fupin_policy.core.expressions import Cases, Clamp, Const, Expr
from fupin_policy.core.history import change_days
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.narrowing import narrowed
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.snapshot import dated
from fupin_policy.core.types import ErrorType, Number
from fupin_policy.diagnostics import Reporter, Span


def warn_of_negative(program: Program, reporter: Reporter) -> None:
    """Warn of amounts that may be below zero where their policy applies, as far as the ranges of facts tell.

    Only of what is below zero by itself are the policy's conditions looked at.
    """
    definitions = {one.id: one for one in program.definitions}
    for policy in program.policies:
        stated = definitions[policy.stated].type if policy.has_amount else None
        if isinstance(stated, Number) and stated.low < 0:
            _warn(program, definitions, policy, reporter)


def _warn(program: Program, definitions: dict[DefinitionId, Definition], policy: Policy, reporter: Reporter) -> None:
    below = program.dependencies.closure([policy.payable])
    warned: set[Expr] = set()
    for day in sorted(change_days(program)[policy.payable]):
        exprs = {name: dated(program, definitions[name], day).expr for name in below}
        amount = exprs[policy.stated]
        if amount in warned or _least(dict(narrowed(exprs, [policy.payable]))[policy.payable]) >= 0:
            continue
        warned.add(amount)
        reporter.report("T280", amount.span, name=policy.title.zh, name_en=policy.title.en)


def _least(payable: Expr) -> int:
    """The least that a narrowed amount can be where its policy applies."""
    match payable:
        case Cases(((_, Clamp(low=least)),), Const(0)):
            return least
        case Cases(((_, kept),), Const(0)) if isinstance(kept.type, Number):
            return kept.type.low
        case _:
            return payable.type.low if isinstance(payable.type, Number) else 0


def in_money(typer: Typer, money: Number, expr: Expr, span: Span) -> Expr:
    """An amount in the currency's smallest units."""
    if isinstance(expr.type, ErrorType) or typer.scope.units.money is None:  # which was reported
        return BROKEN
    where = expr.span or span
    if not isinstance(expr.type, Number):
        return typer.wrong("T202", where, **typer.kinds(found=expr.type))
    fitted = fit(expr, money.unit)
    type_ = number(fitted)
    if type_.unit != money.unit:
        return typer.wrong("T210", where, money=typer.unit_word(money.unit), unit=typer.unit_word(type_.unit))
    if type_.scale > money.scale:
        words = {**typer.scope.units.example_step(), "what": "金额", "what_en": "the amount"}
        return typer.wrong("T209", where, scale=type_.scale, most=money.scale, **words)
    return typer.bounded(at_scale(fitted, money.scale))
