"""All that was decided of one household on one date.

In: decisions and figures. Out: `Evaluation`, immutable. Made by `ruleset`, read by everything after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.decision_columns import decision_columns
from fupin_policy.core.derived_facts import DerivedFact
from fupin_policy.core.figures import Figure
from fupin_policy.core.shown_decisions import html_of_decisions
from fupin_policy.diagnostics import UnknownNameError
from fupin_policy.diagnostics.showing import shown
from fupin_policy.files.value_tables import ValueColumn, arrow_table, data_frame


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation:
    """All decisions for one household on one date, in the order of the ruleset's policies; and the figures."""

    household: str
    as_of: date
    ruleset: str
    digest: str
    decisions: tuple[Decision, ...]
    figures: tuple[Figure, ...] = ()
    trial: tuple[str, ...] = ()
    """The values that are only tried, as `参数.X=150`; what is decided with them is no decision on anybody."""
    derived: tuple[DerivedFact, ...] = ()

    def __iter__(self) -> Iterator[Decision]:
        """The decisions, in the order of the ruleset's policies."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """How many policies were decided."""
        return len(self.decisions)

    def __bool__(self) -> bool:
        """Always true: rules without a policy give an evaluation, too."""
        return True

    def __contains__(self, policy: object) -> bool:
        """Whether there is a decision of a policy, by its id or title; or whether a decision is one of these."""
        return policy in (self._by_name() if isinstance(policy, str) else self.decisions)

    def __getitem__(self, policy: str) -> Decision:
        """The decision of a policy, by its id or title. Raises UnknownNameError, with a suggestion."""
        known = self._by_name()
        if policy not in known:
            raise UnknownNameError.among("N104", "policy", policy, known)
        return known[policy]

    def _by_name(self) -> dict[str, Decision]:
        """The decisions by titles and ids; where both are one word, it is the id."""
        return {word: one for one in self.decisions for word in one.title.both} | {
            one.policy: one for one in self.decisions
        }

    def figure(self, name: str) -> Figure:
        """A figure by its English name or its label. Raises UnknownNameError, with a suggestion."""
        for figure in self.figures:
            if name in (figure.name, figure.figure.words.zh, figure.figure.words.en):
                return figure
        known = [word for one in self.figures for word in (one.name, *one.figure.words.both)]
        raise UnknownNameError.among("N232", "figure", name, known)

    @property
    def violated(self) -> tuple[Figure, ...]:
        """The checks of data that do not hold."""
        return tuple(one for one in self.figures if one.figure.check is not None and one.status == "violated")

    @property
    def eligible(self) -> tuple[Decision, ...]:
        """The decisions that grant something."""
        return tuple(d for d in self.decisions if d.status is Status.ELIGIBLE)

    def as_json(self) -> Mapping[str, Any]:
        """The evaluation as plain data, ready for `json.dumps`."""
        return {
            "household": self.household,
            "as_of": self.as_of.isoformat(),
            "ruleset": {"id": self.ruleset, "digest": self.digest},
            **({"trial": list(self.trial)} if self.trial else {}),
            "decisions": [decision.as_json() for decision in self.decisions],
            "figures": [figure.as_json() for figure in self.figures],
            **({"derived": [fact.as_json() for fact in self.derived]} if self.derived else {}),
        }

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as plain data, as `as_json` gives it and `fupin eval --format json` prints it."""
        return dict(self.as_json())

    def to_arrow(self) -> Any:
        """A `pyarrow.Table` with a row for each decision; `amount_min` and `amount_max` are int64, smallest units (分).

        The date, the ruleset and its digest are in the schema's metadata. Raises FupinError where the extra `batch` is
        not installed.
        """
        return arrow_table(self._columns(), self._metadata())

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame` with the columns and types of `to_arrow`, what is said of all of them in its `attrs`.

        Raises FupinError where the extra `pandas` is not installed.
        """
        return data_frame(self._columns(), self._metadata())

    def __repr__(self) -> str:
        """Whose it is and how many decisions came out how, in one line."""
        return shown(f"<Evaluation {self.household} {self.as_of} {self.ruleset}: {self._counted.en}>")

    def _repr_html_(self) -> str:
        """A table for a notebook, in Chinese with the English below it."""
        tried = f" {', '.join(self.trial)}" if self.trial else ""
        whose = f"{self.household} · {self.as_of} · {self.ruleset}{tried}"
        counted = self._counted
        return html_of_decisions(Bilingual(f"{whose}：{counted.zh}", f"{whose}: {counted.en}"), self.decisions)

    @property
    def _counted(self) -> Bilingual:
        """How many decisions came out how."""
        counts = Counter(one.status for one in self.decisions)
        told = [(status.words, counts[status]) for status in Status if counts[status]]
        zh, en = "、".join(f"{one.zh} {count}" for one, count in told), ", ".join(f"{n} {one.en}" for one, n in told)
        return Bilingual(zh, en) if told else Bilingual("没有政策", "no policies")

    def _columns(self) -> tuple[ValueColumn, ...]:
        return decision_columns(self.decisions, self.household, self.as_of)

    def _metadata(self) -> dict[str, str]:
        told = {"as_of": self.as_of.isoformat(), "ruleset": self.ruleset, "digest": self.digest}
        return {f"fupin.{name}": text for name, text in told.items()} | (
            {"fupin.trial": "; ".join(self.trial)} if self.trial else {}
        )
