"""Rows with every kind of fault, put into the demonstration's tables."""

from __future__ import annotations

from collections.abc import Iterator

from demo_tables import Rows

Fault = tuple[str, tuple[str, int]]
"""A code, and the file and row where it must be reported."""


def spoil(own: Rows, inner: Rows) -> Iterator[Fault]:
    """Put one row of each kind of fault into the tables, far apart; what must be reported."""
    at, column = iter(range(1000, 10**6, 1000)), {name: place for place, name in enumerate(inner[0])}
    headed = {name: place for place, name in enumerate(own[0])}

    def cell(rows: Rows, header: dict[str, int], file: str, name: str, value: str, code: str) -> Fault:
        row = next(at)
        rows[row][header[name]] = value
        return code, (file, row + 1)

    for name, value, code in (
        ("出生日期", "1953-02-30", "H026"),
        ("出生日期", "昨天", "H025"),
        ("出生日期", "2019-07-01", "H028"),
        ("残疾等级", "十级", "H029"),
        ("是否患病就诊", "也许", "H020"),
        ("目录内费用", "很多", "H021"),
        ("目录内费用", "1.234", "H023"),
        ("目录内费用", "-1", "H024"),
        ("人编号", "", "H008"),
        ("人编号", "x" * 201, "H003"),
        ("户编号", "没有这一户", "H068"),
        ("户编号", "", "H069"),
    ):
        yield cell(inner, column, "m.csv", name, value, code)
    for name, value, code in (
        ("乡镇", "不存在镇", "H029"),
        ("人均纯收入", "1e3", "H021"),
        ("是否危房", "？", "H020"),
        ("户编号", "", "H069"),
    ):
        yield cell(own, headed, "h.csv", name, value, code)
    for rows, file in ((own, "h.csv"), (inner, "m.csv")):
        row = next(at)
        rows[row] = [*rows[row], "多"]
        yield "B111", (file, row + 1)
        row = next(at)
        rows[row] = rows[row][:3]
        yield "B111", (file, row + 1)
    own.append(list(own[50]))
    yield "H065", ("h.csv", len(own))
    inner.append(list(inner[50]))
    yield "H009", ("m.csv", len(inner))
    own.append(["孤户", *own[60][1:]])
    yield "H004", ("h.csv", len(own))
    own.append(["大户", *own[60][1:]])
    yield "H006", ("h.csv", len(own))
    inner.extend(["大户", f"p{number}", *inner[60][2:]] for number in range(41))
