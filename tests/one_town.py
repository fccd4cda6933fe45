"""An invented registry of which all households are in one town, and what it is decided to be given."""

from __future__ import annotations

import csv
from pathlib import Path

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main

TOWN = "辉渠镇"
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何", "秀英桂兰玉梅建国志强淑珍德福春海小军文华"
"""Of which names are made up that are as long as people's are: two or three signs."""
_VILLAGES = ("东河村", "柳树店村", "大石埠村", "南王家庄子村", "青石峪村", "李家官庄村", "红旗社区")


def one_town(folder: Path, count: int) -> RunResult:
    """The result of a town of so many households, with villages and telephones, by way of a folder."""
    assert main(["synth", "--households", str(count), "-o", str(folder / "registry")]) == 0
    households, members = (_rows(folder / "registry" / name) for name in ("households.csv", "members.csv"))
    for at, row in enumerate(members):
        row["姓名"] = _name(at)
    for at, row in enumerate(households):
        head = next(one["姓名"] for one in members if one["户编号"] == row["户编号"])
        told = {"乡镇": TOWN, "行政村": _VILLAGES[at % len(_VILLAGES)], "联系电话": f"1{at:010}"}
        row |= {**told, "户主姓名": head}
    for name, rows in (("households.csv", households), ("members.csv", members)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    tables, rules = (str(folder / "households.csv"), str(folder / "members.csv")), load()
    run(Job(rules, *tables, "2019-06-30", folder / "town.parquet", asked=BatchRequest(missing=True)))
    return open_result(folder / "town.parquet", rules)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _name(number: int) -> str:
    family, given = _FAMILY[number % len(_FAMILY)], number // len(_FAMILY)
    second = _GIVEN[given // len(_GIVEN) % len(_GIVEN)] if number % 5 else ""
    return family + _GIVEN[given % len(_GIVEN)] + second
