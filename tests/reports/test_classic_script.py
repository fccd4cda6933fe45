"""Modules joined to one script: each once, after what it rests on, and nothing that is not understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fupin_policy.files.shipped import shipped
from fupin_policy.reports.site.calculator import calculator_script
from fupin_policy.reports.site.classic_script import classic_script


def joined(folder: Path, **modules: str) -> str:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return classic_script(folder / "first.js", {"other": folder / "other.js"})


def test_each_stands_once_and_after_what_it_rests_on(tmp_path: Path) -> None:
    script = joined(
        tmp_path,
        first='import { b as other, c } from "./b.js";\nimport * as all from "other";\nother(all.d, c);\n',
        b='import { d } from "./other.js";\n\n/** Said of it. */\nexport function b() {\n  return d;\n}\n'
        "export const c = 1;\n",
        other="export class d {}\nexport { e as f };\nconst e = 2;\n",
    )
    assert script.count("class d") == 1 and "Said of it" not in script
    assert "const { b: other, c: c } = module1;" in script and "const all = module0;" in script
    assert "return { f: e, d: d };" in script and "return { b: b, c: c };" in script
    assert script.index("class d") < script.index("function b") < script.index("other(all.d, c)")
    assert not re.search(r"^(import|export)", script, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export default 1;\n", "export default"),
        ('import "./first.js";\n', "import"),
        ('import { a } from "./first.js";\n', "one another"),
        ('const a = "</script>";\n', "</script"),
        ('const a = "<!-- ";\n', "<!--"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        joined(tmp_path, first=text)


def test_the_calculator_has_the_whole_package() -> None:
    script = calculator_script()
    names = [path.stem for path in shipped("hosts/js/src").glob("*.js")]
    assert len(names) > 20 and script == calculator_script()
    assert all(text in script for text in ("class Ruleset", "class DecisionBuilder", "class Calculator", "parseJson"))
