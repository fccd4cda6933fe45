"""Arrow arrays as numpy arrays, or plain values, without a copy where the values stand as they are wanted.

In: Arrow arrays, sliced or not. Out: numpy arrays of their entries, validity and offsets.
Called by `column_readers` and `chunks`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.evaluators.wasm.columnar import Array as Array

_MOST = 2**63
_EXACT_FLOAT = 2**53
# Arrow's own table of these asks for pandas in its older versions
_KINDS: dict[pa.DataType, type] = {
    pa.int8(): np.int8,
    pa.int16(): np.int16,
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.uint8(): np.uint8,
    pa.uint16(): np.uint16,
    pa.uint32(): np.uint32,
    pa.uint64(): np.uint64,
    pa.float16(): np.float16,
    pa.float32(): np.float32,
    pa.float64(): np.float64,
    pa.date32(): np.int32,
}
_WORDS = {32: np.int32, 64: np.int64}


def entries(column: pa.Array) -> Array:
    """The entries of an array of fixed width, whatever stands where it is null. Shares its memory."""
    return _words(column, _KINDS[column.type])


def _words(column: pa.Array, kind: np.dtype[Any] | type) -> Array:
    buffer = column.buffers()[1]
    if buffer is None or len(column) == 0:
        return np.zeros(len(column), kind)
    size = np.dtype(kind).itemsize
    return np.frombuffer(buffer, kind, len(column), column.offset * size)


def given_in(column: pa.Array) -> Array | None:
    """1 where an entry is not null; None if none is."""
    if column.null_count == 0:
        return None
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.uint8)
    return _unpacked(column.buffers()[0], column.offset, len(column))


def bits_of(column: pa.Array) -> Array:
    """The entries of an array of truths, as 0 and 1."""
    return _unpacked(column.buffers()[1], column.offset, len(column))


def _unpacked(buffer: Any, start: int, count: int) -> Array:
    if buffer is None or count == 0:
        return np.zeros(count, np.uint8)
    first = start // 8
    packed = np.frombuffer(buffer, np.uint8, -(-(start + count) // 8) - first, first)
    return np.unpackbits(packed, bitorder="little", count=start - 8 * first + count)[start - 8 * first :]


def offsets_of(column: pa.Array) -> Array:
    """Where each list of an array starts and the last one ends, among `column.values`."""
    return np.frombuffer(column.buffers()[1], np.int32, len(column) + 1, column.offset * 4)


def scaled(column: pa.Array, scale: int) -> Array | None:
    """Numbers as integers in units of `10**-scale`; None where some are not whole in them or too large.

    `column` is of integers, decimals or floats; a float counts as the decimal that it is written as.
    """
    if pa.types.is_decimal(column.type):
        return _decimals(column, scale)
    if pa.types.is_floating(column.type):
        return _floats(column, scale)
    if pa.types.is_uint64(column.type):
        return None
    return _shifted(entries(column), scale, _stands(column))


def _stands(column: pa.Array) -> Array | slice:
    given = given_in(column)
    return slice(None) if given is None else given == 1


def _decimals(column: pa.Array, scale: int) -> Array | None:
    width = column.type.bit_width
    if width > 128:
        return None
    if width < 128:
        return _shifted(_words(column, _WORDS[width]), scale - column.type.scale, _stands(column))
    pairs = np.frombuffer(column.buffers()[1], np.int64, 2 * len(column), column.offset * 16) if len(column) else None
    if pairs is None:
        return np.zeros(0, np.int64)
    low, stands = pairs[::2], _stands(column)
    if column.type.precision > 18 and (pairs[1::2][stands] != low[stands] >> 63).any():
        return None
    return _shifted(low, scale - column.type.scale, stands)


def _shifted(values: Array, power: int, stands: Array | slice) -> Array | None:
    """Integers times ten to a power, if all that count stay integers of 64 bits."""
    if power == 0:
        return values
    if power > 18 or power < -18:
        return None
    if power < 0:
        quotients, rests = np.divmod(values.astype(np.int64), 10**-power)
        if rests[stands].any():
            return None
        shifted: Array = quotients
        return shifted
    most = (_MOST - 1) // 10**power
    counted = values[stands]
    if len(counted) and (int(counted.max()) > most or int(counted.min()) < -most):
        return None
    return np.multiply(values, np.int64(10**power), dtype=np.int64)


def _floats(column: pa.Array, scale: int) -> Array | None:
    if scale < 0 or scale > 15:
        return None
    values = pc.cast(pc.fill_null(column, 0.0), pa.float64()).to_numpy()
    with np.errstate(all="ignore"):
        units = np.rint(values * 10**scale)
        exact = np.isfinite(units) & (np.abs(units) < _EXACT_FLOAT) & (units / 10**scale == values)
    found: Array = units.astype(np.int64)
    return found if exact.all() else None


def raws(array: pa.Array) -> list[Any]:
    """Its values; days and moments that Python does not have as texts, which the readers refuse."""
    try:
        return list(array.to_pylist())
    except (OverflowError, ValueError):
        return [_raw(array, at) for at in range(len(array))]


def _raw(array: pa.Array, at: int) -> Any:
    try:
        return array[at].as_py()
    except (OverflowError, ValueError):
        return array.slice(at, 1).cast(_as_text(array.type)).to_pylist()[0]


def _as_text(kind: pa.DataType) -> pa.DataType:
    """A type with texts where it has days and moments, also within lists and structs."""
    if pa.types.is_struct(kind):
        return pa.struct([(kind.field(i).name, _as_text(kind.field(i).type)) for i in range(kind.num_fields)])
    if pa.types.is_list(kind):
        return pa.list_(_as_text(kind.value_type))
    return pa.string() if pa.types.is_temporal(kind) else kind


def days_or_texts(column: pa.Array) -> pa.Array:
    """Moments: days where all are midnights, else texts, of which those with a time of day will be refused."""
    if pa.types.is_date64(column.type):
        return column.cast(pa.timestamp("ms")).cast(pa.date32())
    local = pc.local_timestamp(column) if column.type.tz else column
    days = pc.floor_temporal(local, unit="day")
    if pc.all(pc.fill_null(pc.equal(days, local), True)).as_py():
        return days.cast(pa.date32())
    return pc.replace_substring_regex(pc.strftime(local, "%Y-%m-%dT%H:%M:%S"), r"T00:00:00(\.0+)?$", "")


def coded(column: pa.Array) -> pa.Array:
    """A column as distinct values and which stands where; Arrow makes no dictionaries of the narrower decimals."""
    kind = column.type
    if pa.types.is_decimal(kind) and kind.bit_width < 128:
        column = column.cast(pa.decimal128(kind.precision, kind.scale))
    return column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
