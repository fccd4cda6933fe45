"""The intake: what people give about a household, read into possible values.

In: a program, and a mapping or a JSON text. Out: `Household`, days, plain data. Called by `analysis`,
`analysis.sensitivity`, `analysis.verification`, `batch`, `c_library`, `cli`, `editor`, `ruleset`, `service`,
`testing`.
Imports `core`, `diagnostics`.
"""

from fupin_policy.intake.household_reader import Intake, read_date
from fupin_policy.intake.jsontext import parse_json
from fupin_policy.intake.previous_result import ReadAs

__all__ = ["Intake", "ReadAs", "parse_json", "read_date"]
