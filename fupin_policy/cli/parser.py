"""A parser of arguments whose help is in the user's language.

In: the arguments and the environment. Out: a parser; help in Chinese, in English or in both. Called by `cli.main`.
Each help is written once, as `中文 / English`.
"""

from __future__ import annotations

import argparse
import locale
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NoReturn

from fupin_policy.files.addresses import without_addresses

HelpLanguage = Literal["zh", "en", "both"]
_JOINT = " / "
_HEADINGS = {"options": "选项 / options", "positional arguments": "参数 / arguments"}
_USAGE = {"zh": "用法：", "en": "usage: ", "both": "usage: "}
_HELP = "显示这些说明 / show this help"


def help_language(arguments: Sequence[str], environment: Mapping[str, str]) -> HelpLanguage:
    """The language that `--lang` names, else that of the locale where it is one of the two, else both."""
    for index, one in enumerate(arguments):
        name, _, value = one.partition("=")
        if name == "--lang":
            return _language(value or next(iter(arguments[index + 1 :]), ""))
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return _language(next((one for one in named if one), None) or locale.getlocale()[0] or "")


def _language(name: str) -> HelpLanguage:
    start = name.lower()[:2]
    # Windows says Chinese_China and English_United States
    return "zh" if start in ("zh", "ch") else "en" if start == "en" else "both"


def in_language(text: str, language: HelpLanguage) -> str:
    """That part of `中文 / English` which is in the language; a text that is not in both is left as it is."""
    zh, joint, en = text.partition(_JOINT)
    return text if language == "both" or not joint else zh if language == "zh" else en


class FupinParser(argparse.ArgumentParser):
    """A parser with help in one language; its complaints show no address, as that may hold a password."""

    def __init__(self, language: HelpLanguage, **how: Any) -> None:
        self._language = language
        told = {name: how[name] and in_language(how[name], language) for name in ("description",) if name in how}
        super().__init__(**how | told, add_help=False, formatter_class=partial(_Formatter, language=language))
        self.add_argument("-h", "--help", action="help", help=_HELP)

    def add_argument(self, *names: str, **how: Any) -> argparse.Action:
        """As of any parser, with the help in the language of this one."""
        told = how.get("help")
        how |= {"help": in_language(told, self._language)} if isinstance(told, str) else {}
        return super().add_argument(*names, **how)

    def commands(self, dest: str, metavar: str) -> Commands:
        """What commands are added to, of which one must be given; their help has the same language."""
        made: Any = partial(FupinParser, self._language)
        return Commands(
            self.add_subparsers(dest=dest, required=True, metavar=metavar, parser_class=made), self._language
        )

    def error(self, message: str) -> NoReturn:
        super().error(without_addresses(message))


@dataclass(frozen=True, slots=True)
class Commands:
    """What commands are added to."""

    added: Any
    language: HelpLanguage

    def set_defaults(self, **values: object) -> None:
        """What all commands have that are not told otherwise."""
        for command in self.added.choices.values():
            command.set_defaults(**values)

    def add_parser(self, name: str, *, help: str) -> Any:
        """A command, of which the help is also the description."""
        return self.added.add_parser(name, help=in_language(help, self.language), description=help)


class _Formatter(argparse.HelpFormatter):
    """The headings that a parser has by itself, in one language."""

    def __init__(self, *given: Any, language: HelpLanguage, **how: Any) -> None:
        self._language = language
        super().__init__(*given, **how)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and in_language(_HEADINGS.get(heading, heading), self._language))

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _USAGE[self._language] if prefix is None else prefix)
