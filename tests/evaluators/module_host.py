"""A host that knows of a module only what its manifest and `docs/abi.md` say.

In: a module's bytes, households that are already read. Out: what stands in its memory. Called by the tests of modules.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import wasmtime

from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import FactNeed, InputId, Need, ParameterNeed
from fupin_policy.evaluators.wasm import read_manifest

FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i", "i64": "q"}


class Host:
    """A host for one household at a time, written from the page."""

    def __init__(self, wasm: bytes) -> None:
        self.manifest = read_manifest(wasm)
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        self.exports: Any = wasmtime.Instance(self.store, wasmtime.Module(engine, wasm), []).exports(self.store)
        memory = self.exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self.memory = memory
        self.addresses: dict[int, int] = {}
        self.households = 1

    def write(self, address: int, form: str, *values: int) -> bytes:
        raw = struct.pack("<" + form, *values)
        self.memory.write(self.store, raw, address)
        return raw

    def read(self, address: int, form: str) -> tuple[int, ...]:
        raw = self.memory.read(self.store, address, address + struct.calcsize("<" + form))
        return struct.unpack("<" + form, bytes(raw))

    def place(self, household: Household, as_of: int) -> list[tuple[str, int, bytes]]:
        """Write a household; gives what was written: what it is, its address, its bytes."""
        return self.place_all([household], as_of)

    def place_all(
        self, households: Sequence[Household], as_of: int, exact: bool = False
    ) -> list[tuple[str, int, bytes]]:
        """Write households; gives what was written: what it is, its address, its bytes."""
        self.households = len(households)
        header, people = self.manifest["header"], [one for found in households for one in found.members]
        at = header["heap"]
        ends = [0, *accumulate(len(one.members) for one in households)]
        written = [("offsets", at, self.write(at, f"{len(ends)}i", *ends))]
        at = _aligned(at + 4 * len(ends))
        own, of_members = columns_of(households), columns_of(people)
        found = [(one, (of_members if one["level"] == "member" else own).pop(0)) for one in self.manifest["inputs"]]
        columns = [(one["name"], column, ends_of(column, values)) for one, values in found for column in one["columns"]]
        columns += list_columns(self.manifest, households)
        for name, column, values in columns:
            raw = self.write(at, f"{len(values)}{FORMATS[column['storage']]}", *values)
            written.append((f"{name}.{column['part']}", at, raw))
            self.write(column["pointer"], "i", at)
            at = _aligned(at + len(raw))
        for one in self.manifest["outputs"]:
            for column in one["columns"]:
                self.addresses[column["pointer"]] = at
                self.write(column["pointer"], "i", at)
                at += 8 * max(1, len(people), len(households))
        needs = at
        at += self.manifest["needs"]["stride"] * self.manifest["needs"]["questions"]
        room = len(self.memory.get_buffer_ptr(self.store))
        if at > room:
            self.memory.grow(self.store, (at - room) // 65536 + 1)
        told = {"as_of": as_of, "households": len(households), "offsets": header["heap"], "exact": int(exact)}
        for name, value in {**told, "asked": 0, "needs": needs}.items():
            written.append((name, header[name], self.write(header[name], "i", value)))
        return written

    def call(self, name: str) -> None:
        self.exports[name](self.store)

    def values(self, role: str, name: str, members: int) -> list[tuple[int, ...]]:
        """The columns of an output."""
        one = next(one for one in self.manifest["outputs"] if (one["role"], one["id"]) == (role, name))
        count = members if one["level"] == "member" else self.households
        columns = one["columns"]
        return [self.read(self.addresses[c["pointer"]], f"{count}{FORMATS[c['storage']]}") for c in columns]

    def missing(self, number: int, household: Household) -> set[Need]:
        """What keeps a policy open."""
        (start,) = self.read(self.manifest["header"]["needs"], "i")
        stride = self.manifest["needs"]["stride"]
        flags = self.read(start + number * stride, f"{stride}B")
        return {name for at, name in needs_at(self.manifest, household) if flags[at]}

    def fault(self) -> tuple[int, int]:
        """What `check` has left."""
        header = self.manifest["header"]
        return self.read(header["fault"], "i")[0], self.read(header["fault_at"], "i")[0]


def _aligned(at: int) -> int:
    return (at + 7) // 8 * 8


def columns_of(subjects: Sequence[Household | Person]) -> list[list[Any]]:
    """The values of each fact, for one subject after the other."""
    width = len(subjects[0].facts) if subjects else 1000
    return [[one.facts[at] for one in subjects] for at in range(width)]


def ends_of(column: dict[str, Any], values: Sequence[Any]) -> list[int]:
    """The entries of a column: an end of each value, or the whole of it."""
    return [value[column["part"] == "high"] if isinstance(value, tuple) else value for value in values]


def list_columns(
    manifest: dict[str, Any], households: Sequence[Household]
) -> Iterator[tuple[str, dict[str, Any], list[int]]]:
    """The columns of lists with their entries."""
    lists = manifest.get("lists", [])
    people = [one for found in households for one in found.members]
    numbers = {"household": 0, "member": 0}
    for one in lists:
        subjects: Sequence[Household | Person] = people if one["of"] == "member" else households
        given = [subject.lists[numbers[one["of"]]] for subject in subjects]
        numbers[one["of"]] += 1
        yield one["name"], one["offsets"], [0, *accumulate(len(known.items) for known in given)]
        yield one["name"], one["more"], [known.more for known in given]
        items = [item for known in given for item in known.items]
        for at, column in enumerate(one["inputs"]):
            for part in column["columns"]:
                yield column["name"], part, ends_of(part, [*(item[at] for item in items), anything(column)])


def anything(column: dict[str, Any]) -> Any:
    """The whole range of an input."""
    match column["type"]:
        case "truth":
            return 2
        case "code":
            return (1 << column["size"]) - 1
    return tuple(column["range"])


def needs_at(manifest: dict[str, Any], household: Household) -> Iterator[tuple[int, Need]]:
    """What may be missing of a household, and where that stands."""
    said, ids = manifest["needs"], household.ids
    at = len(said["household"])
    for number, name in enumerate(said["household"]):
        yield number, named_need(name, None)
    for one in ids:
        for name in said["member"]:
            yield at, named_need(name, one)
            at += 1
    numbers = {"household": 0, "member": 0}
    for one, listed in zip(said.get("items", []), manifest.get("lists", []), strict=True):
        subjects: Sequence[Any] = household.members if listed["of"] == "member" else [household]
        for owner, subject in enumerate(subjects):
            at = one["start"] + owner * listed["most"] * len(one["names"])
            for number in range(len(subject.lists[numbers[listed["of"]]].items)):
                for name in one["names"]:
                    yield at, named_need(name, subject.id if listed["of"] == "member" else None, number)
                    at += 1
        numbers[listed["of"]] += 1


def named_need(name: str, member: str | None, item: int | None = None) -> Need:
    """A need by the name that the manifest gives it."""
    kind, _, parameter = name.partition("parameter.")
    if kind == "" and parameter:
        return ParameterNeed(parameter)
    fact, _, code = name.partition(".")
    return FactNeed(InputId(fact, code or None), member, item)


def input_pointers(manifest: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Every column that the host writes, and where the header points to it."""
    for one in manifest["inputs"]:
        yield from ((f"{one['name']}.{column['part']}", column["pointer"]) for column in one["columns"])
    for listed in manifest.get("lists", []):
        yield from ((f"{listed['name']}.{part}", listed[part]["pointer"]) for part in ("offsets", "more"))
        for one in listed["inputs"]:
            yield from ((f"{one['name']}.{column['part']}", column["pointer"]) for column in one["columns"])


def checked_columns(manifest: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The columns that `check` numbers, in order, each with what is said of it."""
    found = [(one, column) for one in manifest["inputs"] for column in one["columns"]]
    for listed in manifest.get("lists", []):
        found.append(({"name": listed["name"], "type": "number", "range": [0, listed["most"]]}, listed["more"]))
        found += [(one, column) for one in listed["inputs"] for column in one["columns"]]
    return found
