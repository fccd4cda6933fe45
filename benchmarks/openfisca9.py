"""The nine rules as variables of openfisca-core, a simulation a household. Called by `peers`."""

from __future__ import annotations

from typing import Any

from rules9_answers import HOUSEHOLD_RULES, MEMBER_RULES, SERVED, Answer, Engine, Household

INPUTS = {"age": int, "allowance": bool, "level": str, "school": str, "insured": bool, "able": bool, "cost": int}
SHARED = {"state": str, "income": int, "house": str}
MONTH = "2019-06"


def openfisca_system() -> Any:
    """The rules: variables with formulas over vectors."""
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="Person", is_person=True)
    role = {"key": "member", "plural": "members", "label": "Member"}
    home = build_entity(key="household", plural="households", label="Household", roles=[role])

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

    system = TaxBenefitSystem([person, home])
    for name, kind in INPUTS.items():
        system.add_variable(variable(name, kind, person))
    for name, kind in SHARED.items():
        system.add_variable(variable(name, kind, home))
    system.add_variable(variable("served", bool, home, served))
    for formula in (old_age, severe, living, yulu, pension, illness):
        system.add_variable(variable(formula.__name__, int, person, formula))
    for of_home in (premium, subsistence, housing):
        system.add_variable(variable(of_home.__name__, int, home, of_home))

    return system


def openfisca_situation(h: Household) -> dict[str, Any]:
    """A household as openfisca-core takes it."""
    people = {m["id"]: {name: {MONTH: m[name]} for name in INPUTS} for m in h["members"]}
    whole = {"members": list(people), **{name: {MONTH: h[name]} for name in SHARED}}
    return {"persons": people, "households": {"h": whole}}


def prepare_openfisca() -> Engine:
    """openfisca-core: a simulation is built for each household."""
    from openfisca_core.simulations import SimulationBuilder

    system = openfisca_system()

    def evaluate(h: Household) -> Answer:
        simulation = SimulationBuilder().build_from_entities(system, openfisca_situation(h))
        found: Answer = {rule: simulation.calculate(rule, MONTH).tolist() for rule in MEMBER_RULES}
        return {**found, **{rule: int(simulation.calculate(rule, MONTH)[0]) for rule in HOUSEHOLD_RULES}}

    return evaluate
