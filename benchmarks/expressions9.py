"""The nine rules in engines of expressions, each asked once a household: one expression that maps over the members.

An expression gives an empty list for a household that no rule serves, else a row for each member and one for all. Each
`prepare_…` compiles once and gives a function from the prepared input to the amounts in 分. Called by `peers`.
"""

from __future__ import annotations

from typing import Any

from rules9_answers import SERVED, SLICES, Answer, Engine, Household, answer_of, nothing


def prepare_zen() -> Engine:
    """zen-engine: one compiled expression; `#` is the member."""
    import zen

    def part(low: int, top: int | None, rate: int) -> str:
        upper = "#.cost" if top is None else f"min([#.cost, {top}])"
        return f"max([0, {upper} - {low}]) * {rate}"

    slices = " + ".join(part(*one) for one in SLICES)
    of_member = (
        "#.allowance and #.age >= 60 ? (#.age < 80 ? 8000 : #.age < 90 ? 10000 : 20000) : 0",
        "#.level == 'one' ? 12000 : #.level == 'two' ? 10000 : 0",
        "#.allowance and #.level != 'no_level' ? 11000 : 0",
        "#.school in ['vocational', 'college'] ? 300000 : 0",
        "#.insured and #.age >= 16 and #.age <= 59 and #.school == 'not_in_school' ? 10000 : 0",
        f"#.insured and #.cost > 500000 ? floor(({slices} + 50) / 100) : 0",
    )
    of_household = (
        "15000 * len(members)",
        "income < 510000 and none(members, #.able) ? (510000 - income) * len(members) : 0",
        "house == 'd' ? 3500000 : house == 'c' ? 1500000 : 0",
    )
    rows = f"map(members, [{', '.join(f'({one})' for one in of_member)}])"
    shared = ", ".join(f"({one})" for one in of_household)
    expression = zen.compile_expression(f"state in ['not_out', 'out_benefiting'] ? [{rows}, [{shared}]] : []")

    def evaluate(h: Household) -> Answer:
        found: Any = expression.evaluate(h)
        return answer_of(*found) if found else nothing(len(h["members"]))

    return evaluate


def prepare_cel() -> Engine:
    """cel-expr-python, Google's C++ CEL: one checked expression."""
    from cel_expr_python import cel

    def part(low: int, top: int | None, rate: int) -> str:
        upper = "m.cost" if top is None else f"(m.cost < {top} ? m.cost : {top})"
        return f"(m.cost > {low} ? {upper} - {low} : 0) * {rate}"

    slices = " + ".join(part(*one) for one in SLICES)
    of_member = (
        "m.allowance && m.age >= 60 ? (m.age < 80 ? 8000 : m.age < 90 ? 10000 : 20000) : 0",
        "m.level == 'one' ? 12000 : m.level == 'two' ? 10000 : 0",
        "m.allowance && m.level != 'no_level' ? 11000 : 0",
        "m.school in ['vocational', 'college'] ? 300000 : 0",
        "m.insured && m.age >= 16 && m.age <= 59 && m.school == 'not_in_school' ? 10000 : 0",
        f"m.insured && m.cost > 500000 ? ({slices} + 50) / 100 : 0",
    )
    of_household = (
        "15000 * size(h.members)",
        "h.income < 510000 && !h.members.exists(m, m.able) ? (510000 - h.income) * size(h.members) : 0",
        "h.house == 'd' ? 3500000 : h.house == 'c' ? 1500000 : 0",
    )
    rows = f"h.members.map(m, [{', '.join(of_member)}])"
    served = "h.state in ['not_out', 'out_benefiting']"
    env = cel.NewEnv(variables={"h": cel.Type.DYN})
    expression = env.compile(f"{served} ? [{rows}, [[{', '.join(of_household)}]]] : []")

    def evaluate(h: Household) -> Answer:
        found = _plain(expression.eval(env.Activation({"h": h})).plain_value())
        return answer_of(found[0], found[1][0]) if found else nothing(len(h["members"]))

    return evaluate


def _plain(value: Any) -> Any:
    """Lists in lists as Python has them; the engine gives its own type for what stands inside one."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return _plain(value.plain_value()) if hasattr(value, "plain_value") else value


def prepare_datalogic() -> Engine:
    """datalogic-py (JSONLogic): one compiled rule."""
    from datalogic_py import Engine as Logic

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    age, level, cost, income = var("age"), var("level"), var("cost"), var("income")
    size = {"length": [var("members")]}

    def part(low: int, top: int | None, rate: int) -> dict[str, Any]:
        upper: Any = cost if top is None else {"min": [cost, top]}
        return {"*": [{"max": [0, {"-": [upper, low]}]}, rate]}

    total = {"+": [*(part(*one) for one in SLICES), 50]}
    tier = {"if": [{"<": [age, 80]}, 8000, {"<": [age, 90]}, 10_000, 20_000]}
    idle = {"==": [var("school"), "not_in_school"]}
    of_member = [
        {"if": [{"and": [var("allowance"), {">=": [age, 60]}]}, tier, 0]},
        {"if": [{"==": [level, "one"]}, 12_000, {"==": [level, "two"]}, 10_000, 0]},
        {"if": [{"and": [var("allowance"), {"!=": [level, "no_level"]}]}, 11_000, 0]},
        {"if": [{"in": [var("school"), ["vocational", "college"]]}, 300_000, 0]},
        {"if": [{"and": [var("insured"), {">=": [age, 16]}, {"<=": [age, 59]}, idle]}, 10_000, 0]},
        {"if": [{"and": [var("insured"), {">": [cost, 500_000]}]}, {"/": [total, 100]}, 0]},
    ]
    poor = {"and": [{"<": [income, 510_000]}, {"none": [var("members"), var("able")]}]}
    of_household = [
        {"*": [15_000, size]},
        {"if": [poor, {"*": [{"-": [510_000, income]}, size]}, 0]},
        {"if": [{"==": [var("house"), "d"]}, 3_500_000, {"==": [var("house"), "c"]}, 1_500_000, 0]},
    ]
    served = {"in": [var("state"), list(SERVED)]}
    rule = Logic().compile({"if": [served, [{"map": [var("members"), of_member]}, of_household], []]})

    def evaluate(h: Household) -> Answer:
        found = rule.evaluate(h)
        return answer_of(*found) if found else nothing(len(h["members"]))

    return evaluate
