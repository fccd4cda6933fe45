"""The extension for VS Code: what it does by itself, its form, and that it declares what the server knows.

Its own tests and the form need Node.js and are run by `make test-vscode`, which is part of `make test-hosts`.
"""

from __future__ import annotations

import json
import tomllib
from typing import get_args

import pytest
from javascript_answers import WHOLE, needs_node, run
from javascript_host import PACKAGE, ROOT, node

from fupin_policy.editor.expression_tokens import TOKEN_KINDS
from fupin_policy.editor.protocol import Language

EXTENSION = ROOT / "editors" / "vscode"
PRETTIER = PACKAGE / "node_modules" / "prettier" / "bin" / "prettier.cjs"


@needs_node
@pytest.mark.skipif(not WHOLE, reason="make test-vscode")
def test_what_the_client_does_by_itself() -> None:
    said = run([str(node()), "--test", *map(str, sorted((EXTENSION / "test").glob("*.test.js")))])
    assert "fail 0" in said and "pass 0" not in said


@needs_node
@pytest.mark.skipif(not WHOLE or not PRETTIER.exists(), reason="no prettier" if WHOLE else "make test-vscode")
def test_its_form_is_that_of_prettier() -> None:
    ignored = str(EXTENSION / ".prettierignore")
    run([str(node()), str(PRETTIER), "--ignore-path", ignored, "--check", str(EXTENSION)])


def test_it_declares_languages_and_colours_that_the_server_knows() -> None:
    declared = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))["contributes"]
    assert set(declared["configuration"]["properties"]["fupin.language"]["enum"]) == {"", *get_args(Language)}
    (scopes,) = (one["scopes"] for one in declared["semanticTokenScopes"] if one["language"] == "yaml")
    assert set(scopes) <= set(TOKEN_KINDS)


def test_it_is_in_the_source_distribution() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert "editors" in settings["targets"]["sdist"]["include"]
