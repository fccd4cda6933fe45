"""Ids that a list hides, told again to whoever has the result from which the list was written.

In: the files of a result. Out: `RowSeal`, which seals ids; `OpenedSeals`, which finds them again. Used by
`reports/worklist` and `readback`.
A seal is a keyed hash (HMAC-SHA256) of an id, and the key is what the files hold: who has only the list can neither
read an id from it nor try which it may be.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from fupin_policy.batch.results import intact, opened_files
from fupin_policy.batch.sql import parquet

_DIGITS = 20
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class RowSeal:
    """Seals ids with what a result's files hold as the key."""

    key: bytes

    @classmethod
    def of(cls, files: Sequence[Path]) -> RowSeal:
        """That of a result's files. Raises OSError if one is not there."""
        digest = hashlib.sha256()
        for path in files:
            with path.open("rb") as file:
                while part := file.read(_AT_ONCE):
                    digest.update(part)
        return cls(digest.digest())

    @property
    def mark(self) -> str:
        """By which it is told whether a list was sealed so."""
        return self._hashed("list")

    def household(self, id_: str) -> str:
        """A household's id."""
        return self._hashed("household", id_)

    def member(self, household: str, id_: str) -> str:
        """The id of a member of a household."""
        return self._hashed("member", household, id_)

    def _hashed(self, *parts: str) -> str:
        said = "\0".join(parts).encode()
        return hmac.new(self.key, said, hashlib.sha256).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class OpenedSeals:
    """The ids of a result by their seals. `name` is how the result is called."""

    name: str
    seal: RowSeal
    households: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> OpenedSeals:
        """Those of a result. Raises InputError where it is none; OSError if it is not there."""
        opened = opened_files(path)
        found = cls(path.name, RowSeal.of(opened.given))
        asked = [name for name in ("missing", "departments_missing") if name in opened.columns]
        told = " || ".join(f"coalesce({name}, [])" for name in asked) or "CAST([] AS VARCHAR[])"
        query = (
            f"SELECT DISTINCT CAST(household AS VARCHAR), CAST(member AS VARCHAR), {told} FROM {parquet(opened.files)}"
        )
        with intact(path), duckdb.connect() as connection:
            for household, member, texts in connection.execute(query).fetchall():
                found.households[found.seal.household(household)] = household
                for one in {member, *(before for text in texts for before in _before_points(text))} - {None}:
                    found.members[found.seal.member(household, one)] = one
        return found


def _before_points(text: str) -> list[str]:
    """What may be the id of a member in a fact to be asked, such as `m1.残疾等级`: ids may hold points."""
    return [text[:at] for at, sign in enumerate(text) if sign == "."]
