"""Where everything stands in the memory of the C library: columns at fixed addresses, with room for all that may be.

In: the manifest. Out: `Addresses`. Called by `tables` and `list_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Manifest = Mapping[str, Any]

SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i32": 4, "i64": 8}


class Addresses:
    """Where everything stands in a module's memory: `column` by pointer, the needs, and how much there is in all."""

    def __init__(self, manifest: Manifest) -> None:
        header = manifest["header"]
        self.heap: int = header["heap"]
        self.column: dict[int, int] = {}
        members = most_members(manifest)
        at = self.heap + 8
        listed = (each for one in lists_of(manifest) for each in _of_list(manifest, one))
        of_levels = (
            (column, members if one["level"] == "member" else 1)
            for one in (*manifest["inputs"], *manifest["outputs"])
            for column in one["columns"]
        )
        for column, entries in (*listed, *of_levels):
            at = (at + 7) // 8 * 8
            self.column[column["pointer"]] = at
            at += SIZES[column["storage"]] * entries
        self.results = min((self.column[one["columns"][0]["pointer"]] for one in manifest["outputs"]), default=at)
        self.needs = at
        self.end = (at + manifest["needs"]["questions"] * manifest["needs"]["stride"] + 7) // 8 * 8


def most_members(manifest: Manifest) -> int:
    """The greatest number of members, at least 1: C has no empty arrays."""
    return max(1, int(manifest["max_members"]))


def lists_of(manifest: Manifest) -> Sequence[Manifest]:
    """The lists, none where there are none."""
    found: Sequence[Manifest] = manifest.get("lists", ())
    return found


def most_items(manifest: Manifest, one: Manifest) -> int:
    """How many items of a list there may be in all."""
    return int(one["most"]) * owners(manifest, one)


def owners(manifest: Manifest, one: Manifest) -> int:
    """Of how many there may be a list."""
    return most_members(manifest) if one["of"] == "member" else 1


def every_input(manifest: Manifest) -> list[Manifest]:
    """The inputs, those of items too."""
    return [*manifest["inputs"], *(found for one in lists_of(manifest) for found in one["inputs"])]


def _of_list(manifest: Manifest, one: Manifest) -> Iterator[tuple[Manifest, int]]:
    """A list's columns and how many entries each has."""
    yield one["offsets"], owners(manifest, one) + 1
    yield one["more"], owners(manifest, one)
    for column in (column for found in one["inputs"] for column in found["columns"]):
        yield column, most_items(manifest, one) + 1
