"""What is raised for a language in which nothing is said.

In: what was given as a language. Out: an error. Called by whatever says something in a language.
"""

from __future__ import annotations

from typing import get_args

from fupin_policy.diagnostics.messages import Lang
from fupin_policy.diagnostics.reporter import UnknownNameError


def unknown_language(lang: object) -> UnknownNameError:
    """The error for anything but `zh` and `en` (N233)."""
    known = get_args(Lang)
    return UnknownNameError.among("N233", "lang", lang, known, known=known)
