"""What the peers of one household are asked for: the nine rules of `rules9` by hand, and how an answer looks.

Amounts in 分. Peers get ages already worked out and all money in 分, which spares them what our engine does itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Household = dict[str, Any]
Answer = dict[str, Any]
Engine = Callable[[Household], Answer]

MEMBER_RULES = ("old_age", "severe", "living", "yulu", "pension", "illness")
HOUSEHOLD_RULES = ("premium", "subsistence", "housing")
SERVED = ("not_out", "out_benefiting")
SLICES = ((500_000, 10_000_000, 65), (10_000_000, 20_000_000, 75), (20_000_000, None, 85))
"""The slices of the cost of an illness in 分, with the percentage that is paid of each."""


def answer_of(of_members: Sequence[Sequence[Any]], of_household: Sequence[Any]) -> Answer:
    """A row for each member with a number for each rule, and the numbers of the household, under their names."""
    columns = zip(*of_members, strict=True)
    found: Answer = {rule: [int(one) for one in column] for rule, column in zip(MEMBER_RULES, columns, strict=True)}
    return {**found, **{rule: int(one) for rule, one in zip(HOUSEHOLD_RULES, of_household, strict=True)}}


def nothing(members: int) -> Answer:
    """The answer of a household that no rule serves."""
    return {**{rule: [0] * members for rule in MEMBER_RULES}, **dict.fromkeys(HOUSEHOLD_RULES, 0)}


def prepare_python() -> Engine:
    """Written by hand: the reference for the answers."""

    def illness(cost: int) -> int:
        total = sum(max(0, (cost if top is None else min(cost, top)) - low) * rate for low, top, rate in SLICES)
        return (total + 50) // 100

    def member(h: Household, m: dict[str, Any]) -> tuple[int, ...]:
        age, served = m["age"], h["state"] in SERVED
        tier = 8000 if age < 80 else 10_000 if age < 90 else 20_000
        return (
            tier if served and m["allowance"] and age >= 60 else 0,
            (12_000 if m["level"] == "one" else 10_000) if served and m["level"] in ("one", "two") else 0,
            11_000 if served and m["allowance"] and m["level"] != "no_level" else 0,
            300_000 if served and m["school"] in ("vocational", "college") else 0,
            10_000 if served and m["insured"] and 16 <= age <= 59 and m["school"] == "not_in_school" else 0,
            illness(m["cost"]) if served and m["insured"] and m["cost"] > 500_000 else 0,
        )

    def evaluate(h: Household) -> Answer:
        served, size = h["state"] in SERVED, len(h["members"])
        poor = served and not any(m["able"] for m in h["members"]) and h["income"] < 510_000
        return answer_of(
            [member(h, m) for m in h["members"]],
            (
                15_000 * size if served else 0,
                (510_000 - h["income"]) * size if poor else 0,
                {"d": 3_500_000, "c": 1_500_000}.get(h["house"], 0) if served else 0,
            ),
        )

    return evaluate
