"""The nine rules of rules9 in other engines and by hand.

Each `prepare_…` compiles once and gives a function from the prepared input to the amounts in 分: for each member's rule
a list with one number a member (0: not eligible), for each household rule one number. Peers get ages already worked out
and all money in 分, which spares them what our engine does itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Household = dict[str, Any]
Answer = dict[str, Any]
Engine = Callable[[Household], Answer]

MEMBER_RULES = ("old_age", "severe", "living", "yulu", "pension", "illness")
HOUSEHOLD_RULES = ("premium", "subsistence", "housing")
SERVED = ("not_out", "out_benefiting")


def prepare_python() -> Engine:
    """Written by hand: the reference for the answers."""

    def illness(cost: int) -> int:
        parts = ((500_000, 10_000_000, 65), (10_000_000, 20_000_000, 75), (20_000_000, None, 85))
        total = sum(max(0, (cost if top is None else min(cost, top)) - low) * rate for low, top, rate in parts)
        return (total + 50) // 100

    def member(h: Household, m: dict[str, Any]) -> dict[str, int]:
        age, served = m["age"], h["state"] in SERVED
        tier = 8000 if age < 80 else 10_000 if age < 90 else 20_000
        return {
            "old_age": tier if served and m["allowance"] and age >= 60 else 0,
            "severe": (12_000 if m["level"] == "one" else 10_000) if served and m["level"] in ("one", "two") else 0,
            "living": 11_000 if served and m["allowance"] and m["level"] != "no_level" else 0,
            "yulu": 300_000 if served and m["school"] in ("vocational", "college") else 0,
            "pension": 10_000 if served and m["insured"] and 16 <= age <= 59 and m["school"] == "not_in_school" else 0,
            "illness": illness(m["cost"]) if served and m["insured"] and m["cost"] > 500_000 else 0,
        }

    def evaluate(h: Household) -> Answer:
        found = [member(h, m) for m in h["members"]]
        served, size = h["state"] in SERVED, len(h["members"])
        poor = served and not any(m["able"] for m in h["members"]) and h["income"] < 510_000
        return {
            **{rule: [one[rule] for one in found] for rule in MEMBER_RULES},
            "premium": 15_000 * size if served else 0,
            "subsistence": (510_000 - h["income"]) * size if poor else 0,
            "housing": {"d": 3_500_000, "c": 1_500_000}.get(h["house"], 0) if served else 0,
        }

    return evaluate


_SLICES = (
    "((max([0, min([m.cost, 10000000]) - 500000]) * 65 + max([0, min([m.cost, 20000000]) - 10000000]) * 75"
    " + max([0, m.cost - 20000000]) * 85 + 50) / 100)"
)


def prepare_zen() -> Engine:
    """zen-engine: one compiled expression a rule."""
    import zen

    served = "h.state in ['not_out', 'out_benefiting']"
    of_member = {
        "old_age": f"{served} and m.allowance and m.age >= 60 ? (m.age < 80 ? 8000 : m.age < 90 ? 10000 : 20000) : 0",
        "severe": f"{served} and m.level in ['one', 'two'] ? (m.level == 'one' ? 12000 : 10000) : 0",
        "living": f"{served} and m.allowance and m.level != 'no_level' ? 11000 : 0",
        "yulu": f"{served} and m.school in ['vocational', 'college'] ? 300000 : 0",
        "pension": f"{served} and m.insured and m.age >= 16 and m.age <= 59"
        " and m.school == 'not_in_school' ? 10000 : 0",
        "illness": f"{served} and m.insured and m.cost > 500000 ? floor{_SLICES} : 0",
    }
    size = "len(h.members)"
    of_household = {
        "premium": f"{served} ? 15000 * {size} : 0",
        "subsistence": f"{served} and none(h.members, #.able) and h.income < 510000 ? (510000 - h.income) * {size} : 0",
        "housing": f"{served} ? (h.house == 'd' ? 3500000 : h.house == 'c' ? 1500000 : 0) : 0",
    }
    members = {rule: zen.compile_expression(text) for rule, text in of_member.items()}
    shared = {rule: zen.compile_expression(text) for rule, text in of_household.items()}

    def evaluate(h: Household) -> Answer:
        found: Answer = {rule: [int(e.evaluate({"h": h, "m": m})) for m in h["members"]] for rule, e in members.items()}
        return {**found, **{rule: int(e.evaluate({"h": h})) for rule, e in shared.items()}}

    return evaluate


def prepare_cel() -> Engine:
    """cel-expr-python, Google's C++ CEL: one checked expression a rule."""
    from cel_expr_python import cel

    served = "h.state in ['not_out', 'out_benefiting']"
    parts = " + ".join(
        f"(m.cost > {low} ? ({top}) - {low} : 0) * {rate}"
        for low, top, rate in (
            (500_000, "m.cost < 10000000 ? m.cost : 10000000", 65),
            (10_000_000, "m.cost < 20000000 ? m.cost : 20000000", 75),
            (20_000_000, "m.cost", 85),
        )
    )
    of_member = {
        "old_age": f"{served} && m.allowance && m.age >= 60 ? (m.age < 80 ? 8000 : m.age < 90 ? 10000 : 20000) : 0",
        "severe": f"{served} && m.level in ['one', 'two'] ? (m.level == 'one' ? 12000 : 10000) : 0",
        "living": f"{served} && m.allowance && m.level != 'no_level' ? 11000 : 0",
        "yulu": f"{served} && m.school in ['vocational', 'college'] ? 300000 : 0",
        "pension": f"{served} && m.insured && m.age >= 16 && m.age <= 59 && m.school == 'not_in_school' ? 10000 : 0",
        "illness": f"{served} && m.insured && m.cost > 500000 ? ({parts} + 50) / 100 : 0",
    }
    size = "size(h.members)"
    of_household = {
        "premium": f"{served} ? 15000 * {size} : 0",
        "subsistence": f"{served} && !h.members.exists(m, m.able) && h.income < 510000"
        f" ? (510000 - h.income) * {size} : 0",
        "housing": f"{served} ? (h.house == 'd' ? 3500000 : h.house == 'c' ? 1500000 : 0) : 0",
    }
    env = cel.NewEnv(variables={"h": cel.Type.DYN, "m": cel.Type.DYN})
    members = {rule: env.compile(text) for rule, text in of_member.items()}
    shared = {rule: env.compile(text) for rule, text in of_household.items()}

    def evaluate(h: Household) -> Answer:
        views = [env.Activation({"h": h, "m": m}) for m in h["members"]]
        found: Answer = {rule: [int(e.eval(v).value()) for v in views] for rule, e in members.items()}
        whole = env.Activation({"h": h, "m": {}})
        return {**found, **{rule: int(e.eval(whole).value()) for rule, e in shared.items()}}

    return evaluate


_REGO = """
package rules
served if input.state in {"not_out", "out_benefiting"}
tier(a) := 8000 if a < 80
tier(a) := 10000 if { a >= 80; a < 90 }
tier(a) := 20000 if a >= 90
severe("one") := 12000
severe("two") := 10000
slice(c, low, top, rate) := (c - low) * rate if { c > low; c < top }
slice(c, low, top, rate) := (top - low) * rate if c >= top
slice(c, low, top, rate) := 0 if c <= low
old_age[i] := tier(m.age) if { served; some i, m in input.members; m.allowance; m.age >= 60 }
severe_nursing[i] := severe(m.level) if { served; some i, m in input.members }
living[i] := 11000 if { served; some i, m in input.members; m.allowance; m.level != "no_level" }
yulu[i] := 300000 if { served; some i, m in input.members; m.school in {"vocational", "college"} }
pension[i] := 10000 if {
  served; some i, m in input.members; m.insured; m.age >= 16; m.age <= 59; m.school == "not_in_school" }
illness[i] := floor((slice(m.cost, 500000, 10000000, 65) + slice(m.cost, 10000000, 20000000, 75)
  + slice(m.cost, 20000000, 1000000000, 85) + 50) / 100) if {
  served; some i, m in input.members; m.insured; m.cost > 500000 }
premium := 15000 * count(input.members) if served
any_able if { some m in input.members; m.able }
subsistence := (510000 - input.income) * count(input.members) if { served; not any_able; input.income < 510000 }
housing := 3500000 if { served; input.house == "d" }
housing := 1500000 if { served; input.house == "c" }
"""


def prepare_rego() -> Engine:
    """regopy: one module, one query a household."""
    from regopy import Interpreter

    engine = Interpreter()
    engine.add_module("rules", _REGO)
    names = {**{rule: rule for rule in MEMBER_RULES}, "severe": "severe_nursing"}

    def evaluate(h: Household) -> Answer:
        engine.set_input(h)
        found = json.loads(str(engine.query("x = data.rules")))["bindings"]["x"]
        size = len(h["members"])
        of_members = {r: [int(dict(_items(found.get(n, {}))).get(i, 0)) for i in range(size)] for r, n in names.items()}
        return {**of_members, **{rule: int(found.get(rule, 0)) for rule in HOUSEHOLD_RULES}}

    return evaluate


def _items(found: Any) -> list[tuple[int, int]]:
    return [(int(key), value) for key, value in found.items()]


def prepare_datalogic() -> Engine:
    """datalogic-py (JSONLogic): one compiled rule a policy."""
    from datalogic_py import Engine as Logic

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    served = {"in": [var("h.state"), list(SERVED)]}
    level, age, cost = var("m.level"), var("m.age"), var("m.cost")

    def part(low: int, top: int | None, rate: int) -> dict[str, Any]:
        upper: Any = cost if top is None else {"min": [cost, top]}
        return {"*": [{"max": [0, {"-": [upper, low]}]}, rate]}

    total = {"+": [part(500_000, 10_000_000, 65), part(10_000_000, 20_000_000, 75), part(20_000_000, None, 85), 50]}
    tier = {"if": [{"<": [age, 80]}, 8000, {"<": [age, 90]}, 10_000, 20_000]}
    size = {"length": [var("h.members")]}
    in_work = [served, var("m.insured"), {">=": [age, 16]}, {"<=": [age, 59]}]
    nobody = {"none": [var("h.members"), var("able")]}
    of_member: dict[str, Any] = {
        "old_age": {"if": [{"and": [served, var("m.allowance"), {">=": [age, 60]}]}, tier, 0]},
        "severe": {
            "if": [
                {"and": [served, {"in": [level, ["one", "two"]]}]},
                {"if": [{"==": [level, "one"]}, 12_000, 10_000]},
                0,
            ]
        },
        "living": {"if": [{"and": [served, var("m.allowance"), {"!=": [level, "no_level"]}]}, 11_000, 0]},
        "yulu": {"if": [{"and": [served, {"in": [var("m.school"), ["vocational", "college"]]}]}, 300_000, 0]},
        "pension": {"if": [{"and": [*in_work, {"==": [var("m.school"), "not_in_school"]}]}, 10_000, 0]},
        "illness": {"if": [{"and": [served, var("m.insured"), {">": [cost, 500_000]}]}, {"/": [total, 100]}, 0]},
    }
    poor = {"and": [served, nobody, {"<": [var("h.income"), 510_000]}]}
    of_household: dict[str, Any] = {
        "premium": {"if": [served, {"*": [15_000, size]}, 0]},
        "subsistence": {"if": [poor, {"*": [{"-": [510_000, var("h.income")]}, size]}, 0]},
        "housing": {
            "if": [
                {"and": [served, {"==": [var("h.house"), "d"]}]},
                3_500_000,
                {"and": [served, {"==": [var("h.house"), "c"]}]},
                1_500_000,
                0,
            ]
        },
    }
    engine = Logic()
    members = {rule: engine.compile(text) for rule, text in of_member.items()}
    shared = {rule: engine.compile(text) for rule, text in of_household.items()}

    def evaluate(h: Household) -> Answer:
        found: Answer = {rule: [int(e.evaluate({"h": h, "m": m})) for m in h["members"]] for rule, e in members.items()}
        return {**found, **{rule: int(e.evaluate({"h": h})) for rule, e in shared.items()}}

    return evaluate


def prepare_openfisca() -> Engine:
    """openfisca-core: variables with formulas over vectors; a simulation is built for each household."""
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="Person", is_person=True)
    role = {"key": "member", "plural": "members", "label": "Member"}
    home = build_entity(key="household", plural="households", label="Household", roles=[role])
    month = "2019-06"

    def variable(name: str, kind: type, entity: Any, formula: Any = None) -> type[Variable]:
        fields: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH}
        return type(name, (Variable,), fields if formula is None else {**fields, "formula": formula})

    def served(h: Any, at: Any) -> Any:
        return np.isin(h("state", at), SERVED)

    def of_served(p: Any, at: Any) -> Any:
        return p.household("served", at)

    def old_age(p: Any, at: Any) -> Any:
        age = p("age", at)
        tier = np.where(age < 80, 8_000, np.where(age < 90, 10_000, 20_000))
        return np.where(of_served(p, at) & p("allowance", at) & (age >= 60), tier, 0)

    def severe(p: Any, at: Any) -> Any:
        level = p("level", at)
        by_level = np.where(level == "one", 12_000, np.where(level == "two", 10_000, 0))
        return np.where(of_served(p, at), by_level, 0)

    def living(p: Any, at: Any) -> Any:
        return np.where(of_served(p, at) & p("allowance", at) & (p("level", at) != "no_level"), 11_000, 0)

    def yulu(p: Any, at: Any) -> Any:
        return np.where(of_served(p, at) & np.isin(p("school", at), ("vocational", "college")), 300_000, 0)

    def pension(p: Any, at: Any) -> Any:
        age, idle = p("age", at), p("school", at) == "not_in_school"
        return np.where(of_served(p, at) & p("insured", at) & (age >= 16) & (age <= 59) & idle, 10_000, 0)

    def illness(p: Any, at: Any) -> Any:
        cost = p("cost", at).astype(np.int64)
        first = np.clip(cost, 500_000, 10_000_000) - 500_000
        second = np.clip(cost, 10_000_000, 20_000_000) - 10_000_000
        paid = (first * 65 + second * 75 + np.maximum(cost - 20_000_000, 0) * 85 + 50) // 100
        return np.where(of_served(p, at) & p("insured", at) & (cost > 500_000), paid, 0)

    def premium(h: Any, at: Any) -> Any:
        return np.where(h("served", at), 15_000 * h.nb_persons(), 0)

    def subsistence(h: Any, at: Any) -> Any:
        income, able = h("income", at), h.any(h.members("able", at))
        return np.where(h("served", at) & ~able & (income < 510_000), (510_000 - income) * h.nb_persons(), 0)

    def housing(h: Any, at: Any) -> Any:
        house = h("house", at)
        return np.where(h("served", at), np.where(house == "d", 3_500_000, np.where(house == "c", 1_500_000, 0)), 0)

    inputs = {"age": int, "allowance": bool, "level": str, "school": str, "insured": bool, "able": bool, "cost": int}
    shared = {"state": str, "income": int, "house": str}
    system = TaxBenefitSystem([person, home])
    for name, kind in inputs.items():
        system.add_variable(variable(name, kind, person))
    for name, kind in shared.items():
        system.add_variable(variable(name, kind, home))
    system.add_variable(variable("served", bool, home, served))
    for formula in (old_age, severe, living, yulu, pension, illness):
        system.add_variable(variable(formula.__name__, int, person, formula))
    for of_home in (premium, subsistence, housing):
        system.add_variable(variable(of_home.__name__, int, home, of_home))

    def evaluate(h: Household) -> Answer:
        people = {m["id"]: {name: {month: m[name]} for name in inputs} for m in h["members"]}
        whole = {"members": list(people), **{name: {month: h[name]} for name in shared}}
        given = {"persons": people, "households": {"h": whole}}
        simulation = SimulationBuilder().build_from_entities(system, given)
        found: Answer = {rule: simulation.calculate(rule, month).tolist() for rule in MEMBER_RULES}
        return {**found, **{rule: int(simulation.calculate(rule, month)[0]) for rule in HOUSEHOLD_RULES}}

    return evaluate


PEERS: dict[str, tuple[str, Callable[[], Engine]]] = {
    "zen-engine": ("zen-engine", prepare_zen),
    "CEL (C++)": ("cel-expr-python", prepare_cel),
    "regopy": ("regopy", prepare_rego),
    "openfisca-core": ("openfisca-core", prepare_openfisca),
    "datalogic-py": ("datalogic-py", prepare_datalogic),
    "hand-written Python": ("", prepare_python),
}
