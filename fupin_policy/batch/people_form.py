"""A result of a run as people read it: Chinese headings, names of policies and departments, amounts in 元.

In: the rules, the day, tables of decisions. Out: the columns of `people_files`, and notes by which it is read back.
Called by `destinations`.
What people pay themselves stands below zero. Who leads, on which clauses, which way money goes and the day are written
beside: they follow from the rules and are not read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from fupin_policy.batch.answering_columns import ANSWERING, ASKED_BODIES
from fupin_policy.batch.assumed_columns import ASSUMED
from fupin_policy.batch.audience_columns import AUDIENCE, OWN, SECTION
from fupin_policy.batch.beneficiary_columns import MOST, WHOM
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.first_day_columns import FIRST_DAYS
from fupin_policy.batch.output_layouts import FORCE
from fupin_policy.batch.people_cells import MONEY, POLICY, TITLE, CellForm, cells, kind_of, mapped, money_cells
from fupin_policy.batch.people_notes import WAYS, NamedPolicy, ResultColumn, ResultNotes
from fupin_policy.batch.results import leading, place_column, rules_in_force
from fupin_policy.core.benefits import PER, sign
from fupin_policy.prose.amounts import money_unit
from fupin_policy.prose.references import references_text
from fupin_policy.prose.statuses import bodies_text
from fupin_policy.ruleset import Ruleset, day_of

_LEADS, _CLAUSES, _WAY, _DAY = "牵头部门", "依据", "给付或自付", "基准日"
_HEADINGS: Mapping[str, str] = {
    "household": "户编号",
    "member": "成员编号",
    POLICY: "政策",
    TITLE: "",
    "status": "结果",
    "per": "周期",
    "provisional": "暂定",
    "persons": "人数",
    MOST: "至多人数",
    **dict(zip((one.name for one in WHOM), ("受益人", "可能的受益人"), strict=True)),
    "missing": "待核实",
    **dict(
        zip(
            (one.name for one in ANSWERING),
            ("由事实确定的牵头部门", "可能的牵头部门", "由事实确定的配合部门", "可能的配合部门"),
            strict=True,
        )
    ),
    ASKED_BODIES.name: "确定部门须核实",
    ASSUMED.name: "没有给出而当作",
    FORCE.name: "效力",
    AUDIENCE.name: "面向",
    OWN.name: "属于所面向的",
    SECTION.name: "栏目",
    **dict(zip(FIRST_DAYS, ("起始日", "起始日至"), strict=True)),
    "trial": "试算",
}
_FIRST = ("household", "member")
_THEN = (POLICY, "status", "amount_min", "amount_max", "per", _WAY, FORCE.name, _LEADS, _CLAUSES, "missing")
"""What stands first, and after it, and after what is kept of the facts."""
_ENDS = {"min": "", "max": "至"}


@dataclass(frozen=True)
class PeopleForm:
    """Results of these rules on this day as people read them."""

    ruleset: Ruleset
    as_of: str

    @cached_property
    def policies(self) -> tuple[NamedPolicy, ...]:
        """The policies by their titles, of which the rules have no two alike."""
        ways = {id_: sign(version.benefit.kind) for id_, (version, _) in self._in_force.items()}
        return tuple(NamedPolicy(one.id, one.title.zh, ways.get(one.id, 1)) for one in self.ruleset.program.policies)

    @cached_property
    def _in_force(self) -> Mapping[str, Any]:
        return rules_in_force(self.ruleset, day_of(self.ruleset.program, self.as_of))

    def layout(self, schema: pa.Schema) -> PeopleLayout:
        """How tables with these columns are laid out."""
        program = self.ruleset.program
        kinds = [self._kind(field) for field in schema]
        headings = dict(zip(schema.names, (self._heading(name) for name in schema.names), strict=True))
        labels = {fact.label for fact in program.facts} - {*_HEADINGS}
        facts = [name for name in schema.names if name in labels]
        beside = (_LEADS, _CLAUSES, _WAY) if POLICY in schema.names else ()
        wanted = {name: text for name, text in headings.items() if name not in facts and text}
        wanted |= {name: name for name in (*beside, _DAY)} | {name: headings[name] for name in facts}
        unlike = _unlike(wanted)
        order = [one for one in (*_FIRST, *facts, *_THEN) if one in unlike]
        order += [one for one in unlike if one not in order]
        columns = tuple(
            ResultColumn(name, unlike.get(name, ""), kind) for name, kind in zip(schema.names, kinds, strict=True)
        )
        return PeopleLayout(self, schema, columns, tuple((name, unlike[name]) for name in order))

    def _kind(self, field: pa.Field) -> str:
        """Amounts are the ends of the long form, and those that begin with a policy of the wide form."""
        policy, _, last = field.name.rpartition(".")
        if field.name in ("amount_min", "amount_max") or (last in _ENDS and policy in self._names):
            return f"{MONEY}.{self.ruleset.program.decimals}"
        return "status" if field.name in self._names else kind_of(field.name, field.type)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {one.id: one.title for one in self.policies}

    def _heading(self, name: str) -> str:
        program, unit = self.ruleset.program, money_unit(self.ruleset.program)
        if name in _HEADINGS:
            return _HEADINGS[name]
        if name in ("amount_min", "amount_max"):
            return f"金额（{unit}）" if name == "amount_min" else f"金额至（{unit}）"
        if name in self._names:
            return self._names[name]
        of, _, last = name.rpartition(".")
        if of in self._names:
            per = self._in_force[of][1].per if of in self._in_force else ""
            period = PER[per].zh if per else "金额"
            told = f"{period}{_ENDS[last]}（{unit}）" if last in _ENDS else _HEADINGS.get(last, last)
            return f"{self._names[of]}·{told}"
        labels = {name_of(figure): figure.words.zh for figure in program.figures}
        if name in labels or of in labels:
            ends = {"min": "（最早、最少）", "max": "（最晚、最多）", ASSUMED.name: "（没有给出而当作）"}
            return labels.get(name) or labels[of] + ends[last]
        return name

    def sentences(self, unread: Iterable[str]) -> list[str]:
        """What people are told below a result."""
        program = self.ruleset.program
        told = [
            f"{program.title.zh}：{self.as_of} 的结果。金额以{money_unit(program)}计，自付的记为负数；"
            "“金额至”只在数额未定时写。周期不同的、待定的，不要加在一起",
            "以下各行供 fupin summary、worklist 等读回，请不要改动；给机器用的，用 fupin run --raw 或写成 .parquet",
        ]
        beside = "、".join(unread)
        return [*told, f"由规则写出、不读回的栏：{beside}"] if beside else told


@dataclass(frozen=True)
class PeopleLayout:
    """A result's columns for people. `shown` are the names and headings of what is shown, in order."""

    form: PeopleForm
    schema: pa.Schema
    columns: tuple[ResultColumn, ...]
    shown: tuple[tuple[str, str], ...]

    def notes(self, rows: int) -> Iterator[list[str]]:
        """The rows of the notes of so many rows."""
        program, given = self.form.ruleset.program, self.schema.metadata or {}
        said = {key.decode(): value.decode() for key, value in given.items() if key.startswith(b"fupin.")}
        unread = [heading for name, heading in self.shown if name not in self.schema.names]
        notes = ResultNotes(said, self.columns, self.form.policies, program.decimals, rows)
        return notes.written(self.form.sentences(unread))

    def table(self, table: pa.Table, form: CellForm) -> pa.Table:
        """Some rows as cells, in the order in which they are shown."""
        found: dict[str, pa.Array] = {}
        names = {one.id: one.title for one in self.form.policies}
        for column in self.columns:
            if column.name in found or not column.heading:
                continue
            if column.kind.startswith(f"{MONEY}."):
                found |= self._money(table, column.name)
            else:
                found[column.name] = cells(table[column.name], column.kind, names, form)
        found |= self._beside(table, form)
        return pa.table([found[name] for name, _ in self.shown], [heading for _, heading in self.shown])

    def _money(self, table: pa.Table, name: str) -> dict[str, pa.Array]:
        """Both ends of the amounts, one of which is called so."""
        begin = name.removesuffix("min").removesuffix("max")
        pair = f"{begin}min", f"{begin}max"
        ways = {one.id: one.way for one in self.form.policies}
        if begin == "amount_":
            of_rows = _of_rows(table[POLICY], ways)
        else:
            of_rows = np.full(table.num_rows, ways[begin.removesuffix(".")])
        low, high = (table[one] for one in pair)
        ends = money_cells(low, high, of_rows, self.form.ruleset.program.decimals)
        return dict(zip(pair, ends, strict=True))

    def _beside(self, table: pa.Table, form: CellForm) -> dict[str, pa.Array]:
        """What follows from the rules."""
        count = table.num_rows
        day = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), pa.array([self.form.as_of]))
        found = {_DAY: day.cast(pa.string())}
        if POLICY not in table.column_names:
            return found
        program, in_force = self.form.ruleset.program, self.form._in_force
        policies = table[POLICY].cast(pa.string()).combine_chunks()
        clauses = {
            id_: references_text(metadata.basis, program.sources, "zh") for id_, (_, metadata) in in_force.items()
        }
        ways = {one.id: WAYS[one.way] for one in self.form.policies if in_force.get(one.id)}
        paid = {id_: ways[id_] if metadata.per else "" for id_, (_, metadata) in in_force.items()}
        found[_CLAUSES] = mapped(policies, lambda id_: form.written(clauses[id_]) if clauses.get(id_) else None)
        found[_WAY] = mapped(policies, lambda id_: paid.get(id_) or None)
        return found | {_LEADS: pa.array(list(self._leads(table, policies.to_pylist(), form)), pa.string())}

    def _leads(self, table: pa.Table, policies: Sequence[str], form: CellForm) -> Iterator[str | None]:
        """For each row who leads, and who may."""
        program, in_force, known = self.form.ruleset.program, self.form._in_force, dict[Any, str | None]()
        none: list[None] = [None] * table.num_rows
        place = place_column(program, table.column_names)
        places = none if place is None else table[place].to_pylist()
        depends = "possible_lead" in table.column_names
        bodies = [table[name].to_pylist() if depends else none for name in ("lead", "possible_lead")]
        for policy, where, *some in zip(policies, places, *bodies, strict=True):
            leads = None if None in some else "\t".join("\n".join(part) for part in some)
            key = policy, where, leads
            if key not in known:
                sure = leading(program, in_force[policy][1], leads, where, place) if policy in in_force else ((), ())
                text = bodies_text(*sure, "zh")
                known[key] = form.written(text) if text else None
            yield known[key]


def _of_rows(column: pa.ChunkedArray, ways: Mapping[str, int]) -> Array:
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    known = np.array([ways[one] for one in encoded.dictionary.to_pylist()] or [1])
    found: Array = known[encoded.indices.to_numpy()]
    return found


def _unlike(wanted: Mapping[str, str]) -> dict[str, str]:
    """Headings of which no two are the same: a number stands behind those that would be."""
    found: dict[str, str] = {}
    for name, text in wanted.items():
        number, heading = 1, text
        while heading in found.values():
            number += 1
            heading = f"{text}（{number}）"
        found[name] = heading
    return found
