"""Trees of texts that were parsed before, for editors: a keystroke changes one expression of hundreds.

In: spans. Out: what `parse` makes of them. Called by the checker where it is given one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.language.parser import Start, parse
from fupin_policy.language.syntax import Syntax

Parse = Callable[[Span, Reporter, Start, Collection[str]], Syntax | None]
"""What parses a text: `parse`, or the same with a memory."""


@dataclass(slots=True)
class KeptTrees:
    """The trees of the last check, and of this one: what neither has used is forgotten.

    A text of which something is said is parsed anew each time, as what is said rests on the words that are known.
    """

    _before: dict[tuple[Span, Start], Syntax] = field(default_factory=dict)
    _now: dict[tuple[Span, Start], Syntax] = field(default_factory=dict)

    def begin(self) -> None:
        """A new check begins."""
        self._before, self._now = self._now, {}

    def parse(self, span: Span, reporter: Reporter, start: Start, known: Collection[str]) -> Syntax | None:
        """What `parse` makes of a span."""
        key = (span, start)
        tree = self._now.get(key) or self._before.get(key)
        if tree is None:
            own = Reporter()
            tree = parse(span, own, start, known)
            reporter.repeat(own.diagnostics)
            if tree is None or own.diagnostics:
                return tree
        self._now[key] = tree
        return tree
