"""Drawings of a `Sensitivity`, as SVG or PNG. Needs the extra `chart`; only `cli/chart.py` imports it.

In: a report of a `Sensitivity`. Out: a file, the same bytes for the same input.
"""

from fupin_policy.reports.charts.chart import draw

__all__ = ["draw"]
