"""The thirteen rules as variables of openfisca-core. See `batch_peers`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, plain

OPENFISCA_STEPS = ("age", "is_severe", "served")


def prepare_openfisca(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """openfisca-core's calculation alone, on a population that stands; what it keeps of an earlier run is dropped."""
    simulation, calculate = openfisca_population(batch, as_of)()
    month = f"{as_of.year}-{as_of.month:02d}"

    def run() -> Answer:
        for name in (*OPENFISCA_STEPS, *MEMBER_RULES, *HOUSEHOLD_RULES):
            simulation.delete_arrays(name, month)
        return calculate()

    return run


def openfisca_population(batch: pa.RecordBatch, as_of: date) -> Callable[[], tuple[Any, Run]]:
    """A function that builds a simulation and gives it with its calculation; codes as numbers, ages given."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="Person", is_person=True)
    role = {"key": "member", "plural": "members", "label": "Member"}
    home = build_entity(key="household", plural="households", label="Household", roles=[role])
    month = f"{as_of.year}-{as_of.month:02d}"

    def variable(name: str, kind: type, entity: Any, formula: Any = None) -> type[Variable]:
        fields: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH}
        return type(name, (Variable,), fields if formula is None else {**fields, "formula": formula})

    def age(p: Any, at: Any) -> Any:
        days = p("born", at).astype("datetime64[D]")
        years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
        number = (months - years.astype("datetime64[M]")).astype(np.int64) * 32 + (
            days - months.astype("datetime64[D]")
        ).astype(np.int64)
        later = number > (as_of.month - 1) * 32 + as_of.day - 1
        return as_of.year - (years.astype(np.int64) + 1970) - later

    def served(h: Any, at: Any) -> Any:
        return h("state", at) < 2

    def is_severe(p: Any, at: Any) -> Any:
        level = p("level", at)
        return (level == 1) | (level == 2)

    def of(p: Any, at: Any) -> Any:
        return p.household("served", at)

    def old_age(p: Any, at: Any) -> Any:
        years = p("age", at)
        tier = np.where(years < 80, 8_000, np.where(years < 90, 10_000, 20_000))
        return np.where(of(p, at) & p("allowance", at) & (years >= 60), tier, 0)

    def severe(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & p("is_severe", at), np.where(p("level", at) == 1, 12_000, 10_000), 0)

    def living(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & p("allowance", at) & (p("level", at) != 0), 11_000, 0)

    def yulu(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & (p("school", at) >= 2), 300_000, 0)

    def pension(p: Any, at: Any) -> Any:
        years = p("age", at)
        test = of(p, at) & p("insured", at) & (years >= 16) & (years <= 59) & (p("school", at) == 0)
        return np.where(test, 10_000, 0)

    def illness(p: Any, at: Any) -> Any:
        cost = p("cost", at).astype(np.int64)
        first = np.clip(cost, 500_000, 10_000_000) - 500_000
        second = np.clip(cost, 10_000_000, 20_000_000) - 10_000_000
        paid = (first * 65 + second * 75 + np.maximum(cost - 20_000_000, 0) * 85 + 50) // 100
        return np.where(of(p, at) & p("insured", at) & (cost > 500_000), paid, 0)

    def care(p: Any, at: Any) -> Any:
        test = of(p, at) & p("is_severe", at) & ~p("allowance", at)
        return np.where(test, np.where(p("age", at) >= 60, 10_000, 8_000), 0)

    def school_aid(p: Any, at: Any) -> Any:
        years = p("age", at)
        return np.where(of(p, at) & (p("school", at) == 1) & (years >= 6) & (years <= 14), 100_000, 0)

    def premium(h: Any, at: Any) -> Any:
        return np.where(h("served", at), 15_000 * h.nb_persons(), 0)

    def subsistence(h: Any, at: Any) -> Any:
        income, able = h("income", at), h.any(h.members("able", at))
        return np.where(h("served", at) & ~able & (income < 510_000), (510_000 - income) * h.nb_persons(), 0)

    def housing(h: Any, at: Any) -> Any:
        house = h("house", at)
        return np.where(h("served", at) & (house >= 2), np.where(house == 3, 3_500_000, 1_500_000), 0)

    def many_disabled(h: Any, at: Any) -> Any:
        count = h.sum(h.members("is_severe", at))
        return np.where(h("served", at) & (count >= 2), 50_000 * count, 0)

    def family_cost(h: Any, at: Any) -> Any:
        over = h.sum(np.where(h.members("insured", at), h.members("cost", at), 0)).astype(np.int64) - 3_000_000
        return np.where(h("served", at) & (over > 0), np.minimum((over * 30 + 50) // 100, 2_000_000), 0)

    system = TaxBenefitSystem([person, home])
    inner = {"born": int, "allowance": bool, "level": int, "school": int, "insured": bool, "able": bool, "cost": int}
    own = {"state": int, "income": int, "house": int}
    for name, kind in inner.items():
        system.add_variable(variable(name, kind, person))
    for name, kind in own.items():
        system.add_variable(variable(name, kind, home))
    for formula, kind in ((age, int), (is_severe, bool)):
        system.add_variable(variable(formula.__name__, kind, person, formula))
    system.add_variable(variable("served", bool, home, served))
    for formula in (old_age, severe, living, yulu, pension, illness, care, school_aid):
        system.add_variable(variable(formula.__name__, int, person, formula))
    for of_home in (premium, subsistence, housing, many_disabled, family_cost):
        system.add_variable(variable(of_home.__name__, int, home, of_home))
    columns = plain(batch)
    owners = np.repeat(np.arange(batch.num_rows), np.diff(columns["offsets"]))
    roles = np.zeros(len(owners), np.int64)

    def build() -> tuple[Any, Run]:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("person", np.arange(len(owners)))
        group = builder.declare_entity("household", np.arange(batch.num_rows))
        builder.join_with_persons(group, owners, roles)
        simulation = builder.build(system)
        for name, kind in {**inner, **own}.items():
            simulation.set_input(name, month, columns[name].astype(kind))

        def calculate() -> Answer:
            return {rule: simulation.calculate(rule, month) for rule in (*MEMBER_RULES, *HOUSEHOLD_RULES)}

        return simulation, calculate

    return build
