"""Where something stands, what is wrong with it, and how that is shown to a person.

In: spans and message codes from every stage. Out: diagnostics as data, and their text with a caret.
Called by every room; knows none of them.
Imports no other room.
"""

from fupin_policy.diagnostics.diagnostic import Diagnostic, words_of
from fupin_policy.diagnostics.languages import unknown_language
from fupin_policy.diagnostics.messages import Lang
from fupin_policy.diagnostics.positions import Source, Span, locate
from fupin_policy.diagnostics.renderer import render
from fupin_policy.diagnostics.reporter import FupinError, InputError, Reporter, RulesetError, UnknownNameError
from fupin_policy.diagnostics.suggestions import slip_of, suggest

__all__ = [
    "Diagnostic",
    "FupinError",
    "InputError",
    "Lang",
    "Reporter",
    "RulesetError",
    "Source",
    "Span",
    "UnknownNameError",
    "locate",
    "render",
    "slip_of",
    "suggest",
    "unknown_language",
    "words_of",
]
