"""The expression language: text ↔ tree.

In: spans of sources. Out: syntax trees, and text in Chinese or English. Called by `check`, `editor`.
Imports `diagnostics`, `files`.
"""

from fupin_policy.language.keywords import is_keyword, is_name, split_glued
from fupin_policy.language.parser import parse
from fupin_policy.language.printer import show, show_lines
from fupin_policy.language.reference import ReferenceEntry, entries
from fupin_policy.language.syntax import Syntax, children

__all__ = [
    "ReferenceEntry",
    "Syntax",
    "children",
    "entries",
    "is_keyword",
    "is_name",
    "parse",
    "show",
    "show_lines",
    "split_glued",
]
