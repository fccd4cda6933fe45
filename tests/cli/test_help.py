"""Help in the user's language, the version, completion for shells."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from fupin_policy.cli.main import main, parser_in
from fupin_policy.cli.parser import HelpLanguage, help_language

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def parsers(language: HelpLanguage) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command's parser, the first one included."""

    def within(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
        yield name, parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner, command in action.choices.items():
                    yield from within(f"{name} {inner}", command)

    return within("fupin", parser_in(language))


def test_each_help_is_written_in_both_languages() -> None:
    found = list(parsers("both"))
    assert len(found) > 20
    for name, parser in found:
        helps = [parser.description, *(action.help for action in parser._actions)]
        for one in helps:
            if one in (None, argparse.SUPPRESS):
                continue
            zh, *en = str(one).split(" / ")
            assert zh.strip() and len(en) == 1 and en[0].strip() and not CHINESE.search(en[0]), f"{name}: {one}"


def test_help_in_english_has_no_chinese_but_what_is_to_be_typed() -> None:
    for name, parser in parsers("en"):
        text = parser.format_help().replace("参数.X=150", "")
        assert "usage: fupin" in text and not CHINESE.search(text), name
    for _, parser in parsers("zh"):
        assert parser.format_help().startswith("用法：fupin") and "选项:" in parser.format_help()


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "fr_FR.UTF-8"}, "both"),
        ([], {"LC_ALL": "en_US", "LANG": "zh_CN"}, "en"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "C"}, "zh"),
        (["eval", "--lang", "zh"], {"LANG": "en_GB"}, "zh"),
        (["--lang=en", "--help"], {"LANG": "zh_CN"}, "en"),
        (["eval", "--lang"], {"LANG": "zh_CN"}, "both"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_locale_s(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert help_language(arguments, environment) == expected


def test_a_command_s_help_is_in_the_locale_s_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(SystemExit, match="0"):
        main(["audit", "record", "--help"])
    said = capsys.readouterr().out
    assert "用法：fupin audit record" in said and "基准日" in said and "the date" not in said


def test_a_language_before_the_command_is_the_command_s() -> None:
    parser = parser_in("both")
    assert parser.parse_args(["eval"]).lang == "zh"
    assert parser.parse_args(["--lang", "en", "eval", "--lang", "zh"]).lang == "zh"
    assert parser.parse_args(["--lang", "en", "eval"]).lang == "en"


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"fupin {version('fupin-policy')}\n"


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_commands_options_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "fupin.bash"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    (tmp_path / "household.json").write_text("{}", encoding="utf-8")

    def proposed(*words: str) -> set[str]:
        asked = f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; "
        run = f'source {script}; {asked} _shtab_fupin; printf "%s\\n" "${{COMPREPLY[@]}}"'
        found = subprocess.run(["bash", "-c", run], cwd=tmp_path, capture_output=True, text=True, check=True)
        return set(found.stdout.split())

    assert proposed("fupin", "che") == {"check"}
    assert proposed("fupin", "eval", "--as") == {"--as-of", "--assume"}
    assert proposed("fupin", "eval", "house") >= {"household.json"}
    assert proposed("fupin", "eval", "--lang", '""') == {"zh", "en"}


@pytest.mark.parametrize("shell", ["zsh", "fish", "tcsh", "powershell"])
def test_other_shells_have_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "worklist" in capsys.readouterr().out


def test_without_its_extra_completion_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 1
    assert "fupin-policy[completion]" in capsys.readouterr().err
