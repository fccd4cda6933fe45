"""What a module says about itself, in a custom section: all that a host in any language needs.

In: a `Program` and its layout, or a module's bytes. Out: bytes with the section, or what it says. Called by `module`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fupin_policy.core.declarations import Assumption, FactDecl, IdentityFormat, Input, ParameterDecl, Series
from fupin_policy.core.outputs import DataCheck, FigureDecl, Output
from fupin_policy.core.policies import Audience, Policy, Section
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import breakpoints
from fupin_policy.core.terms import terms_of
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.decisions.rule_metadata import as_manifest
from fupin_policy.diagnostics import FupinError
from fupin_policy.evaluators.wasm.checksum import PLACE, verify, with_checksum
from fupin_policy.evaluators.wasm.layout import (
    AS_OF,
    ASKED,
    EXACT,
    FAULT,
    FAULT_AT,
    HOUSEHOLDS,
    MEMBER,
    NEEDS,
    OFFSETS,
    POINTERS,
    Layout,
    ListColumns,
    MemoryColumn,
)
from fupin_policy.evaluators.wasm.needs import ItemNeeds, NeedsLayout

ABI = 5
SECTION = "fupin.manifest"

DATA = 11
"""The kind of a module's section of data."""

_SHIFTS = range(0, 35, 7)
"""Where the bytes of a number stand: five hold 32 bits, which is what the format allows."""
_AT_CONSTANT = b"\0\x41"
"""How a segment of data begins that stands at a constant address: of the only memory, `i32.const`."""


def manifest_of(program: Program, layout: Layout, heap: int) -> dict[str, Any]:
    """The manifest as plain data; `heap` is the first byte of memory that is the host's."""
    inputs = [*program.household_inputs, *program.member_inputs]
    columns = [*layout.household_inputs, *layout.member_inputs]
    needs = NeedsLayout.of(program)
    answers = {str(policy.answering) for policy in program.policies}
    return {
        "abi": ABI,
        "ruleset": program.id,
        "digest": program.digest,
        **({"trial": list(program.trial)} if program.trial else {}),
        "title": program.title.as_json(),
        "subject": program.subject,
        "covers": [program.covers.start, program.covers.end],
        "breakpoints": list(breakpoints(program)),
        "currency": program.currency,
        "decimals": program.decimals,
        "min_members": program.min_members,
        "max_members": program.max_members,
        "identifiers": dict(program.identifiers),
        "header": {
            "as_of": AS_OF,
            "households": HOUSEHOLDS,
            "offsets": OFFSETS,
            "exact": EXACT,
            "asked": ASKED,
            "member": MEMBER,
            "needs": NEEDS,
            "fault": FAULT,
            "fault_at": FAULT_AT,
            "pointers": POINTERS,
            "length": layout.header,
            "heap": heap,
        },
        "code_lists": {
            name: [{"code": code.code, "name": code.name, "label": code.label} for code in codes.codes]
            for name, codes in program.code_lists.items()
            if name not in answers
        },
        "units": {name: words.as_json() for name, words in program.unit_labels.items()},
        "facts": [_fact(fact) for fact in program.facts],
        "inputs": [_input(column, parts) for column, parts in zip(inputs, columns, strict=True)],
        **({"lists": [_list(program, one) for one in layout.lists]} if layout.lists else {}),
        "terms": terms_of(program),
        "parameters": [_parameter(one) for one in program.parameters.values()],
        "needs": {
            "household": [str(one) for one in needs.household],
            "member": [str(one) for one in needs.member],
            **({"items": [_item_needs(one) for one in needs.items]} if needs.items else {}),
            "stride": needs.stride,
            "questions": len(program.questions),
        },
        "policies": [_policy(policy) for policy in program.policies],
        "figures": [_figure(figure) for figure in program.figures],
        "outputs": [
            _output(output, question, layout.outputs[output.definition])
            for question, some in enumerate(program.questions)
            for output in some
        ],
        **as_manifest(program),
    }


def _fact(fact: FactDecl) -> dict[str, Any]:
    return {
        "name": fact.name,
        "label": fact.label,
        "aliases": list(fact.aliases),
        "level": fact.level,
        "kind": fact.kind,
        "power": fact.power,
        "past": fact.past,
        "required": fact.required,
        **({} if fact.type is None else _type(fact.type)),
        **({} if fact.absent is None else {"absent": _assumption(fact.absent)}),
        **({} if fact.given is None else {"given": fact.given}),
        **({} if fact.previous is None else {"previous": fact.previous}),
        **({} if fact.number is None else {"number": _number(fact.number)}),
        **({} if fact.series is None else {"series": _series(fact.series), "ago": fact.ago}),
    }


def _number(number: IdentityFormat) -> dict[str, Any]:
    """What a host fills by a number of identity: the facts, and the masks of the codes of the sexes."""
    sex = number.sex
    return {
        **({} if number.kind is None else {"kind": number.kind}),
        **({} if number.birth is None else {"birth": number.birth}),
        **({} if sex is None else {"sex": {"fact": sex.name, "male": sex.male, "female": sex.female}}),
        **({"unique": True} if number.unique else {}),
    }


def _series(series: Series) -> dict[str, Any]:
    """What a host is given it by: the values of one series are facts that stand side by side, this month's first."""
    return {"name": series.name, "label": series.label, "aliases": list(series.aliases), "each": series.each}


def _assumption(absent: Assumption) -> dict[str, Any]:
    """What a host takes of the fact where it is not given: one integer, as the fact's inputs hold them."""
    value = absent.value[0] if isinstance(absent.value, tuple) else absent.value
    return {"value": value, **absent.words.as_json(), "why": absent.why.as_json()}


def _input(column: Input, parts: tuple[MemoryColumn, ...]) -> dict[str, Any]:
    return {
        "name": column.name,
        "level": column.level,
        "required": column.required,
        "past": column.past,
        "columns": [_column(part) for part in parts],
        **_type(column.type),
    }


def _list(program: Program, one: ListColumns) -> dict[str, Any]:
    declared, inputs = one.declared, program.item_inputs[one.declared.name]
    return {
        "name": declared.name,
        "label": declared.words.as_json(),
        "of": declared.of,
        "most": declared.most,
        **({} if declared.empty is None else {"absent": _assumption(declared.empty)}),
        "order": list(declared.order),
        "offsets": _column(one.offsets),
        "more": _column(one.more),
        "inputs": [_input(column, parts) for column, parts in zip(inputs, one.inputs, strict=True)],
    }


def _item_needs(one: ItemNeeds) -> dict[str, Any]:
    return {"list": one.declared.name, "start": one.start, "names": [str(name) for name in one.inputs]}


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "policy": policy.id,
        "title": policy.title.as_json(),
        "level": policy.level,
        "has_amount": policy.has_amount,
        **({} if policy.audience is None else {"audience": _named(policy.audience)}),
        **({} if policy.section is None else {"section": _named(policy.section)}),
    }


def _named(one: Audience | Section) -> dict[str, str]:
    return {"name": one.name, **one.words.as_json()}


def _figure(figure: FigureDecl) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "label": figure.words.as_json(),
        "level": figure.level,
        "unit_label": None if figure.unit is None else figure.unit.as_json(),
        "decimals": figure.decimals,
        "due": figure.due,
        **({} if figure.check is None else {"check": _check(figure.check)}),
        **_type(figure.type),
    }


def _check(check: DataCheck) -> dict[str, Any]:
    basis = [{"source": one.source, "clause": one.clause} for one in check.basis]
    return {"severity": check.severity, "words": check.words.as_json(), "basis": basis}


def _output(output: Output, question: int, columns: tuple[MemoryColumn, ...]) -> dict[str, Any]:
    return {
        "id": output.id,
        "role": output.role,
        "level": output.level,
        "question": question,
        "columns": [_column(column) for column in columns],
    }


def _parameter(parameter: ParameterDecl) -> dict[str, Any]:
    """A parameter with its dates. Its values are in the rules already; these are to be shown."""
    return {
        "name": parameter.name,
        "label": parameter.label,
        "key": list(parameter.keys) or None,
        **({} if parameter.reading is None else {"reading": asdict(parameter.reading.clause)}),
        **({"rows": [row.as_json() for row in parameter.rows]} if parameter.rows else {}),
        "values": [
            {
                "from": dated.validity.start,
                "until": dated.validity.end,
                "standing": dated.standing,
                "source": dated.basis.source,
                "clause": dated.basis.clause,
                "values": [[key, value] for key, value in dated.values.items()],
            }
            for dated in parameter.values
        ],
        **_type(parameter.type),
    }


def _column(column: MemoryColumn) -> dict[str, Any]:
    return {"part": column.part, "storage": column.storage, "pointer": column.pointer}


def _type(type_: Type) -> dict[str, Any]:
    match type_:
        case Truth():
            return {"type": "truth"}
        case Number(unit, scale, low, high):
            return {"type": "number", "unit": [list(part) for part in unit], "scale": scale, "range": [low, high]}
        case Day(low, high):
            return {"type": "date", "range": [low, high]}
        case Code(code_list, size):
            return {"type": "code", "code_list": code_list, "size": size}
        case ErrorType():
            raise AssertionError(type_)


def with_manifest(wasm: bytes, manifest: dict[str, Any]) -> bytes:
    """The module without names of locals, with the manifest and a checksum of it all as its last sections."""
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    name = SECTION.encode()
    payload = leb128(len(name)) + name + text
    kept = b"".join(whole for kind, section, whole, _ in sections(wasm) if (kind, section) != (0, "name"))
    return with_checksum(wasm[:8] + kept + b"\0" + leb128(len(payload)) + payload)


def read_manifest(wasm: bytes) -> dict[str, Any]:
    """What a module says about itself. Raises FupinError if it is none of ours, of another version, or was changed."""
    verify(wasm)
    found: Any = None
    try:
        for kind, section, _, content in sections(wasm):
            if (kind, section) == (0, SECTION):
                found = json.loads(content)
    except (ValueError, RecursionError):
        raise FupinError.of("C020", PLACE) from None
    if not isinstance(found, dict):
        raise FupinError.of("C020", PLACE)
    if found.get("abi") != ABI:
        raise FupinError.of("C023", PLACE, abi=str(found.get("abi"))[:9], known=ABI)
    return found


def sections(wasm: bytes) -> Iterator[tuple[int, str, bytes, bytes]]:
    """A module's sections: kind, name of a custom one, the whole section, and a custom one's content."""
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise ValueError("not a WebAssembly module")
    at = 8
    while at < len(wasm):
        kind, start = wasm[at], at
        length, at = _unleb128(wasm, at + 1)
        end = at + length
        if end > len(wasm):
            raise ValueError("the WebAssembly module is cut short")
        name, content = "", at
        if kind == 0:
            size, content = _unleb128(wasm, at)
            name, content = wasm[content : content + size].decode(), content + size
        yield kind, name, wasm[start:end], wasm[content:end]
        at = end


def data_of(wasm: bytes) -> dict[int, bytes]:
    """What stands in a module's memory from the beginning, by address. Raises ValueError for what is none of ours."""
    found: dict[int, bytes] = {}
    for kind, _, _, content in sections(wasm):
        if kind == DATA:
            count, at = _unleb128(content, 0)
            for _ in range(count):
                if content[at : at + 2] != _AT_CONSTANT:
                    raise ValueError("a segment of data at an address that is not constant")
                address, at = _unleb128(content, at + 2)
                length, at = _unleb128(content, at + 1)
                found[address], at = content[at : at + length], at + length
    return found


def leb128(value: int) -> bytes:
    """An unsigned integer, seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _unleb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in _SHIFTS:
        if at >= len(data):
            raise ValueError("the WebAssembly module is cut short")
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
    raise ValueError("a number of a WebAssembly module that is longer than 32 bits")
