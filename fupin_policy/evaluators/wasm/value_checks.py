"""The function `check`: whether what a host wrote into memory are values that the rules were compiled for.

In: a program's inputs and their columns. Out: a table as data, and WAT. Called by `module`.
A host that reads facts as `intake` does needs no such check; one that fills columns itself is told what it got wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

from fupin_policy.core.declarations import Input
from fupin_policy.core.program import Program
from fupin_policy.core.types import Truth
from fupin_policy.evaluators.wasm.body import i32
from fupin_policy.evaluators.wasm.layout import (
    FAULT,
    FAULT_AT,
    HOUSEHOLDS,
    OFFSETS,
    Layout,
    ListColumns,
    MemoryColumn,
    bounds_of,
)

RECORD = 32
"""Bytes of a record: pointer, how it is stored, whose, what else is asked of it, least, greatest."""

_STORED = {"u8": 0, "u16": 1, "u32": 2, "u64": 3, "i32": 4, "i64": 3}
_OWN, _OF_MEMBERS = 0, 1
"""Whose a column is: households', members'; from 2 on items', by the number of their list."""
_PLAIN, _TRUTH, _AFTER = 0, 1, 2
"""What is asked beside the bounds: nothing; that it is no truth's 1; that it is not below the column before."""


def check_table(program: Program, layout: Layout) -> bytes:
    """A record for each input column, in order."""
    own, members = (program.household_inputs, layout.household_inputs), (program.member_inputs, layout.member_inputs)
    table = _records(*own, _OWN) + _records(*members, _OF_MEMBERS)
    for number, one in enumerate(layout.lists, 1):
        more = (one.more.pointer, _STORED[one.more.storage], int(one.more.of_members), _PLAIN)
        table += pack("<4iqq", *more, 0, one.most)
        table += _records(program.item_inputs[one.declared.name], one.inputs, 1 + number)
    return table


def _records(inputs: Sequence[Input], columns: Sequence[tuple[MemoryColumn, ...]], whose: int) -> bytes:
    table = b""
    for declared, group in zip(inputs, columns, strict=True):
        low, high = bounds_of(declared.type)
        for at, column in enumerate(group):
            extra = _TRUTH if isinstance(declared.type, Truth) else _AFTER if at else _PLAIN
            words = (column.pointer, _STORED[column.storage], whose, extra)
            # the greatest mask of a list of 64 codes takes all bits: as a signed integer it is -1
            table += pack("<4iqq", *words, low, high if high < 2**63 else high - 2**64)
    return table


def check_text(table: bytes, address: int, lists: Sequence[ListColumns]) -> str:
    """The function as WAT; its table stands at `address`."""
    last = f"(i32.load (i32.add (i32.load {i32(OFFSETS)}) (i32.shl (i32.load {i32(HOUSEHOLDS)}) (i32.const 2))))"
    rows = f"(select {last} (i32.load {i32(HOUSEHOLDS)}) (i32.load offset=8 (local.get $record)))"
    for number, one in enumerate(lists, 1):
        owners = last if one.declared.of == "member" else f"(i32.load {i32(HOUSEHOLDS)})"
        end = f"(i32.add (i32.load {i32(one.offsets.pointer)}) (i32.shl {owners} (i32.const 2)))"
        # of items one more, which stands for all that are further
        items = f"(i32.add (i32.load {end}) (i32.const 1))"
        whose = f"(i32.eq (i32.load offset=8 (local.get $record)) {i32(1 + number)})"
        rows = f"(if (result i32) {whose} (then {items}) (else {rows}))"
    return _CHECK.format(start=address, end=address + len(table), record=RECORD, rows=rows, fault=FAULT, at=FAULT_AT)


_CHECK = """
(func $entry (param $column i32) (param $stored i32) (param $row i32) (result i64)
  (if (i32.eqz (local.get $stored)) (then
    (return (i64.load8_u (i32.add (local.get $column) (local.get $row))))))
  (if (i32.eq (local.get $stored) (i32.const 1)) (then
    (return (i64.load16_u (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 1)))))))
  (if (i32.eq (local.get $stored) (i32.const 2)) (then
    (return (i64.load32_u (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 2)))))))
  (if (i32.eq (local.get $stored) (i32.const 4)) (then
    (return (i64.load32_s (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 2)))))))
  (i64.load (i32.add (local.get $column) (i32.shl (local.get $row) (i32.const 3)))))

(func $allowed (param $record i32) (param $value i64) (param $before i64) (result i32)
  (local $asked i32) (local $most i64)
  (local.set $asked (i32.load offset=12 (local.get $record)))
  (local.set $most (i64.load offset=24 (local.get $record)))
  (if (i32.and (i32.eq (local.get $asked) (i32.const 1)) (i64.eq (local.get $value) (i64.const 1)))
    (then (return (i32.const 0))))
  (if (i32.and (i32.eq (local.get $asked) (i32.const 2)) (i64.lt_s (local.get $value) (local.get $before)))
    (then (return (i32.const 0))))
  (if (i64.eq (local.get $most) (i64.const -1)) (then (return (i64.ne (local.get $value) (i64.const 0)))))
  (i32.and
    (i64.ge_s (local.get $value) (i64.load offset=16 (local.get $record)))
    (i64.le_s (local.get $value) (local.get $most))))

(func (export "check")
  (local $record i32) (local $row i32) (local $rows i32) (local $column i32) (local $stored i32) (local $earlier i32)
  (i32.store (i32.const {fault}) (i32.const 0))
  (i32.store (i32.const {at}) (i32.const 0))
  (local.set $record (i32.const {start}))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $record) (i32.const {end})))
    (local.set $column (i32.load (i32.load (local.get $record))))
    (local.set $stored (i32.load offset=4 (local.get $record)))
    (local.set $earlier (local.get $column))
    (if (i32.eq (i32.load offset=12 (local.get $record)) (i32.const 2)) (then
      (local.set $earlier (i32.load (i32.load (i32.sub (local.get $record) (i32.const {record})))))))
    (local.set $rows {rows})
    (local.set $row (i32.const 0))
    (block $all (loop $each
      (br_if $all (i32.ge_u (local.get $row) (local.get $rows)))
      (if (i32.eqz (call $allowed (local.get $record)
        (call $entry (local.get $column) (local.get $stored) (local.get $row))
        (call $entry (local.get $earlier) (local.get $stored) (local.get $row)))) (then
        (i32.store (i32.const {fault}) (i32.add (i32.const 1)
          (i32.div_u (i32.sub (local.get $record) (i32.const {start})) (i32.const {record}))))
        (i32.store (i32.const {at}) (local.get $row))
        (return)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br $each)))
    (local.set $record (i32.add (local.get $record) (i32.const {record})))
    (br $next))))
"""
