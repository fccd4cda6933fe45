"""A column of numbers of identity, read at once: what they tell, and whose they are.

In: an Arrow array of numbers, or of what `sealed` has made of them. Out: `NumbersRead`. Called by `number_columns`, and
by `staging`, which keeps sealed numbers only. What is not written plainly is read one by one, by `intake`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.core.declarations import FormatKind
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN
from fupin_policy.intake.identity_numbers import CHECKS, WEIGHTS, read_identity

SEALED = np.uint64(1 << 63)
"""Set in a sealed number: no number of 18 digits reaches so far."""

PLAIN = "^[1-9][0-9]{16}[0-9X]$"
_DAYS_BEFORE = 1 << 20
"""Added to a day of birth, so that it is not negative: there are years from 1 on."""


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """For each row: truths whether a number stands in full, can be right, stands once; the day of birth and whether it
    is a man's, where it is right. `persons` is the same for the same person, empty where that cannot be compared.
    """

    legible: Array
    valid: Array
    birth: Array
    male: Array
    persons: Array
    unique: Array


def read_numbers(column: pa.Array, kind: FormatKind | None) -> NumbersRead:
    """What a column of numbers tells."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_uint64(column.type) and len(column) > column.null_count:
        found = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
        if bool((found[found != 0] & SEALED).all()):
            return _unsealed(found)
    count = len(column)
    legible, valid = np.full(count, UNKNOWN, np.uint8), np.full(count, UNKNOWN, np.uint8)
    birth, male, persons = np.zeros(count, np.int64), np.zeros(count, bool), np.zeros(count, "S64")
    read = NumbersRead(legible, valid, birth, male, persons, np.full(count, UNKNOWN, np.uint8))
    if pa.types.is_nested(column.type) or pa.types.is_null(column.type):
        return read
    if pa.types.is_floating(column.type):
        legible[pc.is_valid(column).to_numpy(zero_copy_only=False)] = FALSE
        return read
    texts = pc.cast(column, pa.string())
    plain = np.zeros(count, bool)
    if kind is not None:
        plain = pc.fill_null(pc.match_substring_regex(texts, PLAIN), False).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(plain)
        if len(at):
            _read_plain(texts.take(pa.array(at)), at, read)
    rest = np.flatnonzero(~plain & pc.is_valid(texts).to_numpy(zero_copy_only=False))
    for row, raw in zip(rest.tolist(), texts.take(pa.array(rest)).to_pylist(), strict=True):
        one = read_identity(kind, raw)
        if one is not None:
            legible[row] = TRUE if one.legible else FALSE
            valid[row] = UNKNOWN if one.valid is None else TRUE if one.valid else FALSE
            birth[row], male[row] = one.birth or 0, one.male or False
            persons[row] = (one.person or "").encode()[:64]
    return read


def _read_plain(texts: pa.Array, at: Array, read: NumbersRead) -> None:
    """Numbers of 18 characters that are written plainly, all at once."""
    whole = np.frombuffer("".join(texts.to_pylist()).encode(), np.uint8).reshape(-1, 18)
    digits = whole[:, :17].astype(np.int64) - ord("0")
    checks = np.frombuffer(CHECKS.encode(), np.uint8)
    right = checks[(digits * np.array(WEIGHTS)).sum(axis=1) % 11] == whole[:, 17]
    year = digits[:, 6] * 1000 + digits[:, 7] * 100 + digits[:, 8] * 10 + digits[:, 9]
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    last = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    right &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last - first)
    read.legible[at] = TRUE
    read.valid[at] = np.where(right, np.uint8(TRUE), np.uint8(FALSE))
    read.birth[at] = np.where(right, first + day - 1, 0)
    read.male[at] = right & (digits[:, 16] % 2 == 1)
    persons = np.ascontiguousarray(whole).view("S18").ravel()
    read.persons[at] = np.where(right, persons, b"")


def sealed(read: NumbersRead) -> Array:
    """What numbers tell, without the numbers: one integer each, 0 where none is given."""
    given = (read.legible != UNKNOWN) | (read.persons != b"")
    born = (read.birth + _DAYS_BEFORE).astype(np.uint64)
    parts = ((read.legible, 0), (read.valid, 2), (read.unique, 4), (read.male, 6), (born, 8))
    found = np.full(len(given), SEALED)
    for values, shift in parts:
        found |= values.astype(np.uint64) << np.uint64(shift)
    return np.where(given, found, np.uint64(0))


def _unsealed(found: Array) -> NumbersRead:
    def part(shift: int, bits: int) -> Array:
        return (found >> np.uint64(shift)) & np.uint64((1 << bits) - 1)

    given = found != 0
    truths = [np.where(given, part(at, 2), UNKNOWN).astype(np.uint8) for at in (0, 2, 4)]
    birth = np.where(given, part(8, 22).astype(np.int64) - _DAYS_BEFORE, 0)
    nobody = np.zeros(len(found), "S1")
    return NumbersRead(truths[0], truths[1], birth, part(6, 1).astype(bool), nobody, truths[2])


def with_repeated(found: Array, once: Array) -> Array:
    """Sealed numbers with the truths whether each stands once."""
    return np.where(found == 0, found, (found & ~np.uint64(0b110000)) | (once.astype(np.uint64) << np.uint64(4)))


def repeated(read: NumbersRead) -> Array:
    """Truths whether each number of some stands once among these: that it does not is sure, that it does is not."""
    values, places, counts = np.unique(read.persons, return_inverse=True, return_counts=True)
    again = (counts[places] > 1) & (values[places] != b"")
    return np.where(again, np.uint8(FALSE), read.unique)
