"""Every diagnostic's words: both languages, both pieces of advice, the same placeholders, and no code without use."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from fupin_policy.diagnostics import Diagnostic, Reporter, render
from fupin_policy.diagnostics.messages import (
    Message,
    audit,
    batch,
    c_library,
    checking,
    examples,
    household,
    names,
    population,
    reading,
    service,
    syntax,
    table,
    verification,
)

SOURCE = Path(__file__).parents[2] / "fupin_policy"
STAGES = (
    *(reading, syntax, names, checking, household, examples, batch, c_library, population, verification, audit),
    service,
)
CODE = re.compile(r"[A-Z]\d{3}\Z")
MESSAGES = sorted(table().items())


def placeholders(template: str) -> set[str]:
    """The names that a template asks for; plain names only."""
    found = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    assert all(name.isidentifier() for name in found), template
    return found


def stem(placeholder: str) -> str:
    """A placeholder without what marks the words of one language: `found` and `found_en`, `zh` and `en`."""
    return "words" if placeholder in ("zh", "en") else placeholder.removesuffix("_en")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """The parsed modules of the library, the tables of messages left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "messages" not in path.relative_to(SOURCE).parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def codes_in_source() -> dict[str, set[str]]:
    """Every text of the source that looks like a code, with the files it stands in."""
    found: dict[str, set[str]] = {}
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.match(node.value):
                found.setdefault(node.value, set()).add(path.relative_to(SOURCE).as_posix())
    for path in sorted(SOURCE.rglob("*.json")):
        for text in values_in(json.loads(path.read_text(encoding="utf-8"))):
            if CODE.match(text):
                found.setdefault(text, set()).add(path.relative_to(SOURCE).as_posix())
    return found


def values_in(data: object) -> Iterator[str]:
    """The texts of plain data; the keys of mappings are none."""
    match data:
        case str():
            yield data
        case dict():
            yield from values_in(list(data.values()))
        case list():
            for part in data:
                yield from values_in(part)


def words_given() -> Iterator[tuple[str, str, set[str]]]:
    """Every call that names a code and plain keywords: where, the code, the names of the words given."""
    taken = {"suggestion", "where", "span", "path", "severity"}
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr not in ("report", "of", "wrong", "_wrong") or any(
                word.arg is None for word in node.keywords
            ):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and CODE.match(first.value):
                given = {word.arg for word in node.keywords if word.arg is not None}
                where = f"{path.relative_to(SOURCE).as_posix()}:{node.lineno}"
                yield where, first.value, given - (taken - placeholders_of(first.value))


def placeholders_of(code: str) -> set[str]:
    """All that the four sentences of a code ask for."""
    message = table().get(code)
    return set() if message is None else set().union(*(placeholders(text) for text in message))


@pytest.mark.parametrize(("code", "message"), MESSAGES, ids=[code for code, _ in MESSAGES])
def test_a_message_is_whole(code: str, message: Message) -> None:
    assert CODE.match(code)
    for text in message:
        assert text and text == text.strip()
        assert "\n" not in text and "\r" not in text
    assert any("\u4e00" <= char <= "\u9fff" for char in message.zh)
    assert any("\u4e00" <= char <= "\u9fff" for char in message.help_zh)
    assert re.search("[a-z]", message.en)
    assert re.search("[a-z]", message.help_en)
    assert message.zh != message.en and message.help_zh != message.help_en


@pytest.mark.parametrize(("code", "message"), MESSAGES, ids=[code for code, _ in MESSAGES])
def test_both_languages_say_the_same_things(code: str, message: Message) -> None:
    assert {stem(one) for one in placeholders(message.zh)} == {stem(one) for one in placeholders(message.en)}
    assert {stem(one) for one in placeholders(message.help_zh)} == {stem(one) for one in placeholders(message.help_en)}
    assert not any(one.endswith("_en") for one in placeholders(message.zh) | placeholders(message.help_zh))


@pytest.mark.parametrize(("code", "message"), MESSAGES, ids=[code for code, _ in MESSAGES])
def test_a_message_is_rendered_without_a_hole(code: str, message: Message) -> None:
    words = tuple((name, f"<{name}>") for name in sorted(placeholders_of(code)))
    shown = render(Diagnostic(code, words, path="members[0]"))
    assert code in shown and "{" not in shown.replace("{", "", "".join(message).count("{{") * 2)


def test_no_code_is_in_two_tables() -> None:
    counted = Counter(code for stage in STAGES for code in stage.MESSAGES)
    assert [code for code, count in counted.items() if count > 1] == []
    assert set(counted) == set(table())


def test_no_code_is_twice_in_one_table() -> None:
    for path in sorted((SOURCE / "diagnostics" / "messages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                assert [key for key, count in Counter(keys).items() if count > 1] == [], path.name


def test_a_letter_belongs_to_one_table() -> None:
    letters = [{code[0] for code in stage.MESSAGES} for stage in STAGES]
    seen = Counter(letter for some in letters for letter in some)
    assert [letter for letter, count in seen.items() if count > 1] == []


def test_every_code_of_the_source_has_a_message() -> None:
    assert {code: where for code, where in codes_in_source().items() if code not in table()} == {}


def test_every_message_is_used_by_the_source() -> None:
    assert sorted(set(table()) - set(codes_in_source())) == []


def test_a_call_gives_the_words_that_its_message_asks_for() -> None:
    calls = list(words_given())
    assert len(calls) > 30
    missing = [
        f"{where} {code}: {sorted(placeholders_of(code) - given)}"
        for where, code, given in calls
        if placeholders_of(code) - given
    ]
    assert missing == []


@pytest.mark.parametrize("code", [code for code, _ in MESSAGES])
def test_every_message_can_be_reported_with_its_words(code: str) -> None:
    reporter = Reporter()
    reporter.report(code, None, **dict.fromkeys(placeholders_of(code), "…"))
    (diagnostic,) = reporter.diagnostics
    render(diagnostic)
    diagnostic.as_json()
