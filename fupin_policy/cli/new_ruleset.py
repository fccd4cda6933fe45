"""The command `new`: a folder with a ruleset to begin with.

In: parsed arguments, and answers on the standard input. Out: a folder, whole or not there. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from fupin_policy.cli.common import given_path, show_result
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.showing import tell

_QUESTIONS: Mapping[str, tuple[str, str, str, str]] = {
    "document": (
        "依据的文件（文号或名称）",
        "the document it rests on (number or title)",
        "县政府〔{year}〕1号",
        "DOCUMENT",
    ),
    "policy": ("第一项政策的名称", "the first policy's name", "高龄津贴", "NAME"),
    "amount": ("每人每月多少元", "how much it is for each, in yuan a month", "100", "YUAN"),
    "department": ("牵头部门", "the department that leads", "县民政局", "NAME"),
}
"""What is asked: in Chinese and in English, and what holds where nothing is answered."""


def new_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin new` takes."""
    command.add_argument("county", metavar="NAME", help="县或地区的名称，如 我的县 / name of the county or region")
    for name, (zh, en, _, metavar) in _QUESTIONS.items():
        command.add_argument(f"--{name}", metavar=metavar, help=f"{zh}，不写就问 / {en}; asked where it is not given")
    command.add_argument(
        "--year", type=int, metavar="YEAR", help="从哪一年起，默认今年 / since when, by default this year"
    )
    command.add_argument(
        "-o", "--output", type=given_path, metavar="FOLDER", help="文件夹，默认同名称 / the folder to write"
    )
    command.add_argument(
        "--lesson", action="store_true", help="写教学规则集，什么也不问 / write the lesson, ask nothing"
    )
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="提问的语言 / language of the questions")


def new(arguments: argparse.Namespace) -> int:
    """`fupin new`. Raises InputError where anything of that name is there, or an answer cannot be used."""
    from fupin_policy.documents.new_ruleset import RULES, SCHEMAS, lesson_texts
    from fupin_policy.editor.schemas import every_kind, schema_text
    from fupin_policy.files.atomic import MARKER, atomic_folder
    from fupin_policy.files.names import file_name
    from fupin_policy.ruleset import check_folder

    folder: Path = arguments.output or Path(file_name(arguments.county))
    if folder.exists() or folder.is_symlink():
        raise InputError.of("B280", str(folder), folder=folder)
    texts = dict(lesson_texts() if arguments.lesson else _asked(arguments))
    texts |= {f"{SCHEMAS}/{kind}.json": schema_text(kind) for kind in every_kind()}
    with atomic_folder(folder) as aside:
        for path, text in texts.items():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_text(text, encoding="utf-8")
        check_folder(aside / RULES)
    # from now on the folder is the user's
    (folder / MARKER).unlink()
    written = [str(folder / path) for path in texts]
    said = _LESSON if arguments.lesson else _NEXT
    return show_result(arguments, {"folder": str(folder), "files": written}, said[arguments.lang].format(folder=folder))


_NEXT = {
    "zh": "已写好 {folder}，检查没有问题。下一步：cd {folder}，再看 先读这里.md",
    "en": "{folder} is written, and its rules check. Next: cd {folder}, and read READ-ME-FIRST.md",
}
_LESSON = {
    "zh": "教学规则集已写在 {folder}。试试：fupin test {folder}/规则",
    "en": "the lesson is written into {folder}. Try: fupin test {folder}/规则",
}


def _asked(arguments: argparse.Namespace) -> Mapping[str, str]:
    """The files, by what was given and what is answered."""
    from datetime import date

    from fupin_policy.documents.new_ruleset import NewRuleset

    year = arguments.year or date.today().year
    if not 1990 <= year <= 2090:
        raise InputError.of("B283", "--year", year=year)
    answers = {}
    for name, (zh, en, otherwise, _) in _QUESTIONS.items():
        given = getattr(arguments, name)
        usual = otherwise.format(year=year)
        asked = f"{zh} [{usual}]：" if arguments.lang == "zh" else f"{en} [{usual}]: "
        answers[name] = (_answer(asked, arguments.format) or usual) if given is None else given
    return NewRuleset(county=arguments.county, year=year, **answers).texts()


def _answer(asked: str, form: str) -> str:
    """What is answered on the standard input: nothing where there is no more of it."""
    where = sys.stderr if form == "json" else sys.stdout
    tell(asked, end="", file=where)
    where.flush()
    line = "" if sys.stdin is None else sys.stdin.readline()
    if not line.endswith("\n"):
        tell("", file=where)
    return line.strip()
