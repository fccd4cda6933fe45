"""Identifiers of households and members: read, and checked.

In: columns of ids. Out: texts, and which of them are wrong and why. Called by `chunks`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_readers import Refusals, refused_at
from fupin_policy.intake.notation import LIMITS
from fupin_policy.intake.scalars import Fault, shown

MAX_LENGTH = LIMITS["id"]
BLANKS = " \t\r\n\u3000\u00a0"
"""What may stand around an id and is no part of it."""


def ids_of(column: pa.Array) -> pa.Array:
    """The ids as texts, without blanks around them."""
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    if not pa.types.is_string(column.type):
        column = pc.cast(column, pa.string())
    return column if _is_plain(column) else pc.utf8_trim(column, BLANKS)


def bad_ids(ids: pa.Array, absent: str) -> list[Refusals]:
    """Ids that are missing (reported as `absent`), too long, or not printable."""
    lengths = pc.fill_null(pc.binary_length(ids), 0).to_numpy(zero_copy_only=False)
    found = [*refused_at(np.flatnonzero(lengths == 0), "", Fault(absent))]
    if int(lengths.max(initial=0)) > MAX_LENGTH or not all(char.isprintable() for char in _characters(ids)):
        for at, text in enumerate(ids.to_pylist()):
            if text and (len(text) > MAX_LENGTH or not text.isprintable()):
                found += refused_at(np.array([at]), shown(text), Fault("H003", (("given", shown(text)),)))
    return found


def repeated(ids: pa.Array, offsets: Array, owners: Array) -> list[Refusals]:
    """Members whose id another member of their household has before them."""
    if not _may_repeat(ids, offsets, owners):
        return []
    codes = ids.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    order = np.lexsort((codes, owners))
    same = (owners[order][1:] == owners[order][:-1]) & (codes[order][1:] == codes[order][:-1]) & (codes[order][1:] >= 0)
    found: list[Refusals] = []
    for before, at in zip(order[:-1][same].tolist(), order[1:][same].tolist(), strict=True):
        text = ids[at].as_py()
        if not text:
            continue
        words = (("id", shown(text)), ("first", f"members[{before - int(offsets[owners[at]])}]"))
        found += refused_at(np.array([at]), shown(text), Fault("H009", words))
    return found


def _may_repeat(ids: pa.Array, offsets: Array, owners: Array) -> bool:
    """Whether two ids of a household may be the same: a quick look at how they end.

    Most registries number members upwards. Where a household's endings rise all differ; the others are compared.
    """
    if len(ids) < 2:
        return False
    endings = _endings(ids)
    falls = np.flatnonzero((endings[1:] <= endings[:-1]) & (owners[1:] == owners[:-1]))
    for household in np.unique(owners[falls]).tolist():
        own = endings[offsets[household] : offsets[household + 1]]
        if len(np.unique(own)) < len(own):
            return True
    return False


def _endings(ids: pa.Array) -> Array:
    """The last eight bytes of each text as an integer, the last byte lowest; of a shorter text all of it."""
    ends = np.frombuffer(ids.buffers()[1], np.int32, len(ids) + 1, ids.offset * 4)
    data = ids.buffers()[2]
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None else np.zeros(0, np.uint8)
    raw = np.concatenate((np.zeros(8, np.uint8), text))
    windows: Array = np.ndarray((len(raw) - 7,), ">u8", raw, 0, (1,))
    found: Array = windows[ends[1:] - ends[0]].astype(np.uint64)
    lengths = np.diff(ends)
    if int(lengths.min()) >= 8:
        return found
    kept = np.minimum(lengths, 8).astype(np.uint64) * np.uint64(8)
    whole = np.uint64(2**64 - 1)
    masked: Array = np.where(kept == 64, found, found & ~(whole << np.minimum(kept, np.uint64(63))))
    return masked


def _characters(ids: pa.Array) -> set[str]:
    """The characters that occur in texts; none where all are visible ASCII signs."""
    return set() if _is_plain(ids) else set("".join(text for text in ids.to_pylist() if text))


def _is_plain(ids: pa.Array) -> bool:
    """Whether all texts are of visible ASCII signs, and so need no trimming and are printable."""
    data = ids.buffers()[2]
    if data is None or not len(ids):
        return True
    ends = np.frombuffer(ids.buffers()[1], np.int32, len(ids) + 1, ids.offset * 4)
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return not len(raw) or (int(raw.min()) > 32 and int(raw.max()) < 127)
