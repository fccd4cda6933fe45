"""What a module picks by date before it decides: a word in memory for each dated number and each choice of a version.

In: the values with their days. Out: where each word stands, data, and the function that fills the words. Called by
`module`. It does so only when another date is asked about than before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from struct import pack

from fupin_policy.core.days import Validity
from fupin_policy.evaluators.wasm.layout import AS_OF
from fupin_policy.evaluators.wasm.versions import Steps

_NEVER = -(2**31)
"""No day that could be asked about."""


@dataclass(frozen=True, slots=True)
class DatedWords:
    """By value the address of its word. From `start` on stand the day last picked for, each value's steps, the words.

    The steps are their number, then days with 64-bit integers.
    """

    addresses: Mapping[Steps, int]
    start: int
    data: bytes

    @classmethod
    def of(cls, steps: Sequence[Steps], start: int) -> DatedWords:
        """The words of some values, at an address that is a multiple of eight."""
        data = pack("<i", _NEVER) + b"".join(map(_table, steps))
        words = (len(data) + 7) // 8 * 8
        addresses = {one: start + words + 8 * at for at, one in enumerate(steps)}
        return cls(addresses, start, data.ljust(words + 8 * len(steps), b"\0"))

    @property
    def end(self) -> int:
        """The first address behind."""
        return self.start + len(self.data)

    def text(self, covers: Validity) -> str:
        """The function as WAT; it traps on a day that is not covered."""
        words = self.end - 8 * len(self.addresses)
        return _PICK.format(
            as_of=AS_OF,
            first=covers.start,
            past=covers.end,
            picked=self.start,
            tables=self.start + 4,
            words=words,
            end=self.end,
        )


def _table(steps: Steps) -> bytes:
    """The greatest mask of a list of 64 codes takes all bits: as a signed integer it is negative."""
    signed = ((day, value if value < 2**63 else value - 2**64) for day, value in steps)
    return pack("<i", len(steps)) + b"".join(pack("<iq", *step) for step in signed)


_PICK = """
(func $pick
  (local $as_of i32) (local $table i32) (local $step i32) (local $word i32)
  (local.set $as_of (i32.load (i32.const {as_of})))
  (if (i32.or (i32.lt_s (local.get $as_of) (i32.const {first})) (i32.ge_s (local.get $as_of) (i32.const {past})))
    (then unreachable))
  (if (i32.eq (local.get $as_of) (i32.load (i32.const {picked}))) (then (return)))
  (local.set $table (i32.const {tables}))
  (local.set $word (i32.const {words}))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $word) (i32.const {end})))
    (local.set $step (i32.add (i32.sub (local.get $table) (i32.const 8))
      (i32.mul (i32.load (local.get $table)) (i32.const 12))))
    (local.set $table (i32.add (local.get $step) (i32.const 12)))
    (block $found (loop $earlier
      (br_if $found (i32.le_s (i32.load (local.get $step)) (local.get $as_of)))
      (local.set $step (i32.sub (local.get $step) (i32.const 12)))
      (br $earlier)))
    (i64.store (local.get $word) (i64.load offset=4 (local.get $step)))
    (local.set $word (i32.add (local.get $word) (i32.const 8)))
    (br $next)))
  (i32.store (i32.const {picked}) (local.get $as_of)))
"""
