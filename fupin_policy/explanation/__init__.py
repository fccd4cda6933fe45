"""Why a decision came out as it did: the smallest parts that decided it, in words, with where they are written.

In: a snapshot, the interpreter's traces of one household, one of its decisions. Out: an `Explanation`, as data or text.
Called by `ruleset`.
Imports `core`, `decisions`, `diagnostics`, `evaluators`, `prose`.
"""

from fupin_policy.explanation.explanation import Explanation, with_derived
from fupin_policy.explanation.figure_explanation import FigureExplanation, explain_figure
from fupin_policy.explanation.reasons import ReasonFinder, explain

__all__ = ["Explanation", "FigureExplanation", "ReasonFinder", "explain", "explain_figure", "with_derived"]
