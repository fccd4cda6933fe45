"""The JavaScript package says what Python says, text for text: in Node.js, and in headless Chromium.

`make test` asks about some households where there is Node.js; `make test-hosts` about many, in a browser too.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import by_month
import pytest
from browser import answers_in_browser, chromium
from cases import (
    Case,
    answer,
    asked,
    cared_for,
    case,
    doubtful,
    drawn,
    generated,
    going_on,
    invented,
    stretches,
    unassumed,
)
from conditional_departments import rules
from data_checks import with_checks
from javascript_answers import WHOLE, Ask, ask_node, compare, jobs_of, needs_node, run
from javascript_host import PACKAGE, ROOT, TYPESCRIPT, node
from numbered import numbered, rejecting
from previous_results import with_previous
from retelling import broken, retold
from rules_as_run import loaded, rules_as_run

from fupin_policy import Ruleset, load
from fupin_policy.core.terms import terms_of
from fupin_policy.intake.scalars import nearest

LESSON = load(ROOT / "docs" / "examples" / "lesson")
SHIPPED = load()

LATER = "Chromium and TypeScript are for `make test-hosts`"


needs_chromium = pytest.mark.skipif(not WHOLE or chromium() is None, reason="no Chromium" if WHOLE else LATER)


@pytest.fixture
def agree_in_node(tmp_path: Path) -> Ask:
    """A function that asks Node.js about cases and compares with Python."""
    return partial(ask_node, folder=tmp_path)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Households of the shipped ruleset: some of anything, most as a registry has them."""
    count = 1000 if WHOLE else 100
    some = generated(SHIPPED, count // 4)
    return [*some, *invented(SHIPPED, count - len(some), tmp_path_factory.mktemp("registry"))]


def test_the_cases_try_what_matters(registry: list[Case]) -> None:
    said = [json.loads(answer(SHIPPED, one))["evaluation"]["decisions"] for one in registry]
    decisions = [decision for one in said for decision in one]
    assert {one["status"] for one in decisions} == {"eligible", "ineligible", "unknown"}
    assert any(one["amount"] and one["amount"]["value"] is None for one in decisions)
    assert any("member" in missing for one in decisions for missing in one["missing"])
    assert any(missing["fact"].startswith("parameter.") for one in decisions for missing in one["missing"])
    assert stretches(SHIPPED, registry) == set(SHIPPED.breakpoints)


@needs_node
def test_node_decides_as_python_does(registry: list[Case], agree_in_node: Ask) -> None:
    agree_in_node([(SHIPPED, registry)])


@needs_node
def test_node_goes_on_from_what_was_decided_before(tmp_path: Path, agree_in_node: Ask) -> None:
    ruleset = with_previous(tmp_path / "previous")
    cases = going_on(ruleset)
    answers = [json.loads(answer(ruleset, one)) for one in cases]
    codes = {problem["code"] for one in answers for problem in one.get("problems", ())}
    assert codes >= {f"H07{number}" for number in range(4, 10)}
    agree_in_node([(ruleset, cases)])


@needs_node
def test_checks_of_data_reject_in_node_whom_they_reject_in_python(tmp_path: Path, agree_in_node: Ask) -> None:
    ruleset = with_checks(tmp_path / "checks")
    cases = doubtful(ruleset)
    answers = [json.loads(answer(ruleset, one)) for one in cases]
    assert {"evaluation", "problems"} == {key for one in answers for key in one}
    agree_in_node([(ruleset, cases)])


@needs_node
def test_each_member_has_who_answers_for_this_one(tmp_path: Path, agree_in_node: Ask) -> None:
    ruleset = rules(tmp_path)
    agree_in_node([(ruleset, cared_for(ruleset))])


@needs_node
def test_rulesets_of_any_kind(tmp_path: Path, agree_in_node: Ask) -> None:
    jobs = []
    for number, files in enumerate(drawn(rules_as_run(), 60 if WHOLE else 10)):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        jobs.append((ruleset, unassumed([case(*one) for one in drawn(asked(ruleset), 10)])))
    agree_in_node(jobs)


@needs_node
@pytest.mark.parametrize("ruleset", [LESSON, SHIPPED], ids=["lesson", "shipped"])
@pytest.mark.parametrize("tell", [retold, broken])
def test_households_as_others_write_them(
    ruleset: Ruleset, tell: Callable[[Ruleset, Any, Random], Any], agree_in_node: Ask
) -> None:
    """The same names and notations are read, and what is wrong gets the same code, place and sentences."""
    chance = Random(7)
    plain = generated(ruleset, 250 if WHOLE else 25)
    told = [case(tell(ruleset, json.loads(one.text), chance), one.as_of) for one in plain for _ in range(4)]
    agree_in_node([(ruleset, told)])


@needs_node
def test_dates_that_are_asked_about(agree_in_node: Ask) -> None:
    dates = [
        "2019-06-30",
        " 2019-06-30\n",
        "",
        "2019-6-30",
        "2019-02-30",
        "0000-01-01",
        "0001-01-01",
        "9999-12-31",
        "２０１９-06-30",
    ]
    agree_in_node(
        [(LESSON, [Case(text, day) for day in dates for text in ('{"id": 1, "members": [{"id": 2}]}', "[]")])]
    )


@needs_node
@pytest.mark.fault("B3")
def test_dates_of_two_meanings(agree_in_node: Ask) -> None:
    given = [
        f"{year}{sign}{end}" for year in (1959, 1906, 2019) for sign in (".", "", "-") for end in (1, "01", 2, 10, 12)
    ]
    dates: list[Any] = [*given, *(int(one) for one in given if one.isdigit()), "=1959.1", "=1959.10", "=190612.0"]
    texts = [{"id": 1, "members": [{"id": 2, "出生日期": one}]} for one in dates]
    agree_in_node([(LESSON, [case(one, "2020-06-30") for one in texts])])


@needs_node
@pytest.mark.fault("D12")
def test_what_is_worked_out_is_not_given(agree_in_node: Ask) -> None:
    """The names of terms, which get a message of their own; and names that are in every JavaScript object."""
    names = [*terms_of(LESSON.program), "toString", "constructor", "年令"]
    assert "年龄" in names
    texts = [{"id": 1, name: 60, "members": [{"id": 2, name: 60}]} for name in names]
    agree_in_node([(LESSON, [case(one, "2019-06-30") for one in texts])])


@needs_node
def test_dates_at_the_ends_of_a_range(tmp_path: Path, agree_in_node: Ask) -> None:
    """A year of which some days are not allowed means the others: here it decides whether somebody is 60, or 80."""
    edits = {"facts.yaml": ("range: 1900-01-01.., past: true", "range: 1939-07-01..1959-06-30")}
    given = ["1939", "1939-07", "1939-06", "1959", "1959-06", "1959-07", {"min": "1939"}, {"max": "1959"}, "1939-07-01"]
    texts = [{"id": 1, "享受低保": True, "members": [{"id": 2, "出生日期": one}]} for one in given]
    agree_in_node([(edited(tmp_path, edits), [case(one, "2019-06-30") for one in texts])])


@needs_node
def test_what_is_known_in_part(tmp_path: Path, agree_in_node: Ask) -> None:
    """Truths that may be both, and a fact of several codes of which two are missing but which is named once."""
    edits = {
        "facts.yaml": (
            "facts:\n",
            "facts:\n  - {name: ill, label: 病, for: member, type: codes, codes: disability_level}\n",
        ),
        "policies.yaml": ("有成员满足(重度残疾)", "有成员满足(病 包含 一级 或 病 包含 二级)"),
    }
    truths: list[Any] = [
        None,
        {},
        *({"one_of": one} for one in ([True], [True, "否"], ["是", "yes"], ["no", False, "是"])),
    ]
    codes: list[Any] = [None, [], "", ["一级"], "三级、9", "two"]
    texts = [{"id": 1, "享受低保": t, "members": [{"id": 2, "病": c}, {"id": 3}]} for t in truths for c in codes]
    agree_in_node([(edited(tmp_path, edits), [case(one, "2019-06-30") for one in texts])])


@needs_node
def test_facts_by_month(tmp_path: Path, agree_in_node: Ask) -> None:
    ruleset, days = by_month.rules(tmp_path / "rules"), ("2019-06-30", "2019-07-01", "2020-01-15")
    agree_in_node([(ruleset, [case(one, day) for one in by_month.households() for day in days])])


@needs_node
def test_members_past_the_limit_are_not_read(agree_in_node: Ask) -> None:
    members = [{"id": number} for number in range(LESSON.program.max_members)]
    agree_in_node([(LESSON, [case({"id": 1, "members": [*members, {}, {"id": 0}]}, "2019-06-30")])])


@needs_node
def test_numbers_are_read_in_their_declared_unit(tmp_path: Path, agree_in_node: Ask) -> None:
    edits = {"facts.yaml": ("unit: 元, range: 0..1000000", "unit: 万元, decimals: 4, range: 0..100")}
    costs: list[Any] = ["0.8", "0.80001", 1, "=1.2345", "100.0001", {"min": "0.5", "max": "1.25"}, {"min": 3, "max": 2}]
    texts = [{"id": 1, "享受低保": True, "医疗费用": one, "members": [{"id": 2}]} for one in costs]
    agree_in_node([(edited(tmp_path, edits), [case(one, "2019-06-30") for one in texts])])


def edited(folder: Path, edits: dict[str, tuple[str, str]]) -> Ruleset:
    """The lesson's ruleset with something else in some files."""
    rules = folder / "rules"
    copytree(ROOT / "docs" / "examples" / "lesson", rules)
    for name, (old, new) in edits.items():
        text = (rules / name).read_text(encoding="utf-8")
        assert old in text
        (rules / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(rules, cache=False)


@needs_node
def test_a_trial_says_so(agree_in_node: Ask) -> None:
    tried = LESSON.with_values({"参数.津贴_60至79岁": 150})
    assert tried.program.trial
    agree_in_node([(tried, list(generated(tried, 10)))])


@needs_node
def test_texts_that_are_not_quite_json(agree_in_node: Ask) -> None:
    """Also where they are wrong, to the line and column."""
    odd = json.loads((ROOT / "tests" / "hosts" / "odd_texts.json").read_text(encoding="utf-8"))
    texts = [*odd, "[" * 5000, '{"a":' * 5000, *mistyped(4000 if WHOLE else 400, Random(3))]
    agree_in_node([(LESSON, [Case(text, "2019-06-30", lossy=True) for text in texts])])


def mistyped(count: int, chance: Random) -> list[str]:
    """A household's text with some characters struck, doubled or put in."""
    text = '{"id": "h1", "医疗费用": -12.50e+1, "享受低保": true,\n "members": [{"id": 1}, {"id": "\\u5f20\\n"}]}'
    signs = ['"', "{", "}", "[", "]", ",", ":", "\\", "-", ".", "e", "0", "\n", "x", "😀", "NaN", "id", ""]
    found = []
    for _ in range(count):
        chars = list(text)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(chars))
            chars[at : at + chance.randint(0, 2)] = chance.choice(signs)
        found.append("".join(chars))
    # a comma before a bracket is placed elsewhere by later versions of Python
    return [one for one in found if sys.version_info < (3, 13) or not re.search(r",\s*[}\]]", one)]


@needs_node
def test_the_nearest_word_is_that_of_difflib(tmp_path: Path) -> None:
    """Also where several are as near, and where runs of letters are as long."""
    chance = Random(5)
    words = ["".join(chance.choices("ab户的😀", k=chance.randint(1, 7))) for _ in range(600)]
    asked = [(word, chance.sample(words, 20)) for word in words]
    program = f"""
        import {{ nearest }} from {json.dumps((PACKAGE / "src" / "nearest.js").as_uri())};
        console.log(JSON.stringify({json.dumps(asked)}.map(([word, known]) => nearest(word, known))));
    """
    (tmp_path / "nearest.mjs").write_text(program, encoding="utf-8")
    found = json.loads(run([str(node()), str(tmp_path / "nearest.mjs")]))
    assert found == [nearest(word, dict.fromkeys(known)) for word, known in asked]


@needs_node
@pytest.mark.fault("B3", "C11", "E12")
def test_what_only_javascript_has(tmp_path: Path) -> None:
    """NaN, undefined, bigints, Map, arrays with holes, artifacts that are none: the package's own tests."""
    artifact, of_items = tmp_path / "lesson.wasm", tmp_path / "bills.wasm"
    artifact.write_bytes(LESSON.compile())
    of_items.write_bytes(load(ROOT / "docs" / "examples" / "bills").compile())
    program = str(PACKAGE / "test" / "package.test.js")
    run([str(node()), "--test", program], FUPIN_ARTIFACT=str(artifact), FUPIN_LISTS=str(of_items))


@needs_chromium
def test_chromium_decides_as_python_does(registry: list[Case], tmp_path: Path) -> None:
    program = chromium()
    assert program is not None
    jobs = [(SHIPPED, registry)]
    compare(jobs, answers_in_browser(program, jobs_of(jobs, tmp_path), tmp_path, tmp_path, seconds=300))


def test_sentences_and_notation_are_those_of_python() -> None:
    spec = spec_from_file_location("generated_javascript", PACKAGE / "generated.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.texts().items():
        assert path.read_text(encoding="utf-8") == text, "run `python hosts/js/generated.py`"


def test_the_package_depends_on_nothing() -> None:
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in package and "peerDependencies" not in package
    for path in (PACKAGE / "src").glob("*.js"):
        found = re.findall(r'(?:from|import) "([^"]+)"', path.read_text(encoding="utf-8"))
        assert all(one.startswith("./") for one in found), path


@needs_node
@pytest.mark.skipif(not WHOLE or not TYPESCRIPT.exists(), reason="no TypeScript" if WHOLE else LATER)
def test_the_types_are_right_and_the_form_is_that_of_prettier() -> None:
    run([str(node()), str(TYPESCRIPT), "--project", str(PACKAGE)])
    prettier = PACKAGE / "node_modules" / "prettier" / "bin" / "prettier.cjs"
    run([str(node()), str(prettier), "--ignore-path", str(PACKAGE / ".prettierignore"), "--check", str(PACKAGE)])


def test_numbers_of_identity(tmp_path: Path, agree_in_node: Ask) -> None:
    """Every number of the file for all hosts, beside what it agrees with and what contradicts it; those that reject."""
    vectors = json.loads((ROOT / "tests/intake/identity_numbers.json").read_text(encoding="utf-8"))["numbers"]
    beside: list[dict[str, Any]] = [
        {},
        {"出生日期": "1949-12-31", "性别": "男"},
        {"birth": {"min": "1930-01-01"}},
        {"出生日期": "不详", "sex": "2"},
        {"出生日期": "1953-05-02"},
        {"出生日期": "谁知道"},
        {"身份证号无误": "是"},
    ]
    given = [
        {
            "id": "h",
            "收入": 1,
            "members": [{"id": "a", "身份证号": number["given"], **more}, {"id": "b", "id_number": other}],
        }
        for number in vectors
        for more in beside
        for other in ("11010519491231002X", None)
    ]
    texts = [json.dumps(one, ensure_ascii=False) for one in given]
    cases = [Case(text, "2019-06-30", lossy='"身份证号": 4' in text) for text in texts]
    agree_in_node([(make(tmp_path / make.__name__), cases) for make in (numbered, rejecting)])
