"""Valid inputs made wrong: bytes, texts, trees of plain data, tables.

In: a seed and chance. Out: what somebody hostile or careless might send. Called by the `fuzz_` modules that make cases.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

_WORDS = (
    *('"', '""', "'", "{", "}", "[", "]", ",", ":", ": ", "- ", "\n", "\r", "\r\n", "\t", "\\", "\\u0000", "\\ud800"),
    *("NaN", "-Infinity", "1e999999999", "0x10", "-", "=", "=1+1", "@", "#", "|", ">", "%", "`", "&a ", "*a", "no"),
    *("!!python/object:os.system", "<<: *a", "---\n", "...\n", "? ", "~", "\ufeff", "\u202e", "\x1b[31m", "\x85"),
    *("符合(", "且", "或", "非", "（", "）", "，", "：", "若", "参数.", "..", "1900-01-01..", "2019-02-30", "０１"),
    *("kind: ", "id: ", "value: ", "a" * 300, "9" * 400, "😀", "$\\frac{$", "</script>", "../../x"),
)
"""Texts that mean something to one of the readers."""

WORDS: tuple[bytes, ...] = (
    *map(str.encode, _WORDS),
    *(b"\x00", b"\xff\xfe", b"\xe5", b"\x81\x30\x81\x30", b"\x1a", b"\xc0\x80", b"\xed\xa0\x80"),
)
"""The same as bytes, and bytes that are no text."""

LARGE: tuple[bytes, ...] = (
    b"[",
    b'{"a":',
    b"(",
    "（".encode(),
    b"- ",
    b'"',
    b"9",
    b"a,",
    b"\n",
    b"\x00",
    "且 ".encode(),
)
"""What is tried many times over."""

JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53, -(2**70), 10**400, 0.1, 1e300, float("inf"), float("nan"), "", " ", "x", "1"),
    *("1959.1", "190612", "1959-02-30", "12,34", "1e5", "是", "一级、二级", "\ud800", "\x00", "\x1b[2J", "a" * 5000),
    *([], {}, [[]], [None], {"min": 1}, {"max": "x"}, {"one_of": []}, {"one_of": [{"one_of": [1]}]}, {"": {"": ""}}),
)


def bytes_mutated(data: bytes, chance: Random, most: int = 4) -> bytes:
    """Some changes at random places; seldom a very long one."""
    found = bytearray(data)
    for _ in range(chance.randint(1, most)):
        _CHANGES[chance.choices(range(len(_CHANGES)), _OFTEN)[0]](found, chance)
    return bytes(found)


def _place(found: bytearray, chance: Random) -> slice:
    at = chance.randint(0, len(found))
    return slice(at, at + chance.choice((0, 0, 1, 1, 2, 4, 16, 256)))


def _flipped(found: bytearray, chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)


def _set(found: bytearray, chance: Random) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _word(found: bytearray, chance: Random) -> None:
    found[_place(found, chance)] = chance.choice(WORDS)


def _cut(found: bytearray, chance: Random) -> None:
    del found[chance.randint(0, len(found)) :]


def _struck(found: bytearray, chance: Random) -> None:
    del found[_place(found, chance)]


def _doubled(found: bytearray, chance: Random) -> None:
    one, other = _place(found, chance), _place(found, chance)
    found[other] = found[one]


def _large(found: bytearray, chance: Random) -> None:
    at = chance.randint(0, len(found))
    found[at:at] = chance.choice(LARGE) * chance.choice((100, 5_000, 300_000))


_CHANGES: tuple[Callable[[bytearray, Random], None], ...] = (_flipped, _set, _word, _cut, _struck, _doubled, _large)
_OFTEN = (3, 3, 6, 1, 3, 3, 0.3)


def lines_mutated(text: str, chance: Random) -> str:
    """Lines left out, doubled, exchanged, moved in or out."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = chance.choice(("  ", "    ", "\t", "- ")) + lines[at]
            case _:
                head, colon, _ = lines[at].partition(":")
                word = chance.choice(WORDS).decode("utf-8", "replace")
                lines[at] = f"{head}{colon} {word}" if colon else lines[other]
    return "\n".join(lines)


def tree_mutated(value: Any, chance: Random) -> Any:
    """Plain data of which some parts are something else."""
    for _ in range(chance.randint(1, 4)):
        value = _tree(value, chance)
    return value


def _tree(value: Any, chance: Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        match chance.randrange(6):
            case 0:
                return {name: part for name, part in value.items() if name != key}
            case 1:
                name = chance.choice((f"{key}x", str(key)[:-1], "members", "id", "\u0007", "__proto__"))
                return {**value, name: value[key]}
            case _:
                return {**value, key: _tree(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        match chance.randrange(5):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * chance.choice((1, 2, 30, 3000))
            case _:
                return [*value[:at], _tree(value[at], chance), *value[at + 1 :]]
    match chance.randrange(8):
        case 0:
            deep: Any = value
            for _ in range(chance.choice((2, 40, 800))):
                deep = chance.choice(([deep], {"a": deep}))
            return deep
        case 1:
            return {f"未知{number}": number for number in range(chance.choice((3, 2000)))}
        case 2 if isinstance(value, str):
            return bytes_mutated(value.encode("utf-8", "surrogatepass"), chance, 2).decode("utf-8", "replace")
        case _:
            return chance.choice(JUNK)


def table_mutated(rows: list[list[str]], chance: Random) -> list[list[str]]:
    """A table, its header first, of which some cells, rows or columns are something else. Its rows stay as wide."""
    rows = [list(row) for row in rows]
    for _ in range(chance.randint(1, 4)):
        at, column = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        match chance.randrange(7):
            case 0:
                rows.insert(max(1, at), list(rows[at]))
            case 1 if len(rows) > 2 and at > 0:
                del rows[at]
            case 2:
                for row in rows:
                    row[column] = row[chance.randrange(len(row))] if chance.random() < 0.3 else row[column]
            case 3:
                rows[at][column] = bytes_mutated(rows[at][column].encode(), chance, 2).decode("utf-8", "replace")
            case 4:
                rows.insert(max(1, at), ["" for _ in rows[0]])
            case _:
                junk = chance.choice(JUNK)
                rows[at][column] = str(junk)[:6000] if isinstance(junk, str | int | float) else chance.choice("≥√—")
    return rows
