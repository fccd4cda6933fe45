"""3: amounts equal an oracle in exact fractions, rounded once where the rule says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.core import possible
from fupin_policy.core.expressions import Rounding

MODES = {"四舍五入到": Rounding.HALF_UP, "舍去到": Rounding.DOWN, "进位到": Rounding.UP}
STEPS = {
    "分": Fraction(1, 100),
    "角": Fraction(1, 10),
    "元": Fraction(1),
    "10元": Fraction(10),
    "万元": Fraction(10_000),
}


def rounded(value: Fraction, step: Fraction, mode: Rounding) -> Fraction:
    """The oracle: a whole number of steps."""
    steps = value / step
    whole, rest = divmod(abs(steps), 1)
    up = {Rounding.HALF_UP: rest >= Fraction(1, 2), Rounding.UP: rest > 0, Rounding.DOWN: False}[mode]
    return step * (int(whole) + up) * (-1 if steps < 0 else 1)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6).filter(bool), st.sampled_from(list(Rounding)))
def test_quotients_are_those_of_fractions(numerator: int, denominator: int, mode: Rounding) -> None:
    assert possible.quotient(numerator, denominator, mode) == rounded(
        Fraction(numerator, denominator), Fraction(1), mode
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exact")


def ruleset_with(folder: Path, amount: str) -> Ruleset:
    """A ruleset of one policy whose amount is an expression over two members' facts."""
    files = {
        "ruleset.yaml": "kind: ruleset\nid: exact\ntitle: {zh: 精确, en: Exact}\ncovers: 2019-01-01..2019-12-31\n"
        "members: 1..2\nunits:\n  - name: yuan\n    label: 元\n    money: CNY\n    decimals: 2\n    multiples:\n"
        "      - {name: wan_yuan, label: 万元, power: 4}\n      - {name: jiao, label: 角, power: -1}\n"
        "      - {name: fen, label: 分, power: -2}\n",
        "facts.yaml": "kind: facts\nfacts:\n"
        "  - {name: a, label: 甲, for: household, type: number, unit: 元, range: -1000000..1000000}\n"
        "  - {name: b, label: 乙, for: household, type: number, decimals: 3, range: 0.001..1000}\n",
        "sources.yaml": "kind: sources\nsources:\n  - {id: s, title: {zh: 来源, en: Source}}\n",
        "departments.yaml": "kind: departments\ndepartments:\n  - {id: d, names: [{valid: .., zh: 某局, en: D}]}\n",
        "policies.yaml": "kind: policies\npolicies:\n  - id: p\n    title: {zh: 政策, en: Policy}\n    for: household\n"
        "    versions:\n      - valid: ..\n        when: 是\n"
        f"        benefit: {{kind: cash, per: once, amount: '{amount}'}}\n        lead: [d]\n        basis: [s]\n",
    }
    write_files(folder, files)
    return load(folder, cache=False)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("step", STEPS)
def test_amounts_are_rounded_once(folder: Path, mode: str, step: str) -> None:
    ruleset = ruleset_with(folder, f"(甲 + 0.01元) × 乙 × 12.5% ÷ 7 ÷ 乙 × 3 {mode} {step}")

    @settings(max_examples=30, deadline=None)
    @given(st.integers(-(10**8), 10**8), st.integers(1, 10**6))
    def agrees(fen: int, thousandths: int) -> None:
        a, b = Fraction(fen, 100), Fraction(thousandths, 1000)
        household = {
            "id": "h",
            "甲": f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}",
            "乙": f"{thousandths // 1000}.{thousandths % 1000:03d}",
            "members": [{"id": "m"}],
        }
        amount = ruleset.evaluate(household, date(2019, 6, 30))["p"].amount
        assert amount is not None and amount.exact
        exact = (a + Fraction(1, 100)) * b * Fraction(1, 8) / 7 / b * 3
        assert Fraction(amount.low, 100) == rounded(exact, STEPS[step], MODES[mode])

    agrees()
