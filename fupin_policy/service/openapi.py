"""The interface of a ruleset as OpenAPI 3.1: its addresses, and a household by its own facts.

In: a ruleset, limits, whether a token is asked for. Out: data for JSON. Called by `application`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fupin_policy.core.days import to_date
from fupin_policy.ruleset import Ruleset
from fupin_policy.service.answer_schemas import ANSWERS, PROBLEMS
from fupin_policy.service.fact_schema import DIALECT, FactSchemas, JsonSchema
from fupin_policy.service.limits import ServiceLimits

PREFIX = "#/components/schemas/"
_REFUSALS = {
    "401": "there is no token, or not the right one",
    "408": "the body did not come in time",
    "413": "the body is too long",
    "415": "a body of that type is not read",
    "421": "without a token only this machine is answered",
    "422": "what was given is wrong: every problem with its place",
    "503": "too many requests are being answered",
    "504": "it was not done in time",
}
_SETTING: JsonSchema = {"type": ["string", "number"]}


def openapi(ruleset: Ruleset, limits: ServiceLimits, has_token: bool) -> dict[str, Any]:
    """The whole description."""
    from importlib.metadata import version

    made = _Interface(ruleset, has_token)
    title = ruleset.program.title
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": title.zh,
            "summary": title.en,
            "version": version("fupin-policy"),
            "description": f"Decided by {ruleset.id}, {ruleset.digest}. A question has at most {limits.body} bytes"
            f" and is answered within {limits.seconds:g} seconds. Amounts are exact, as texts with their decimals.",
        },
        "paths": made.paths(),
        "components": {
            "schemas": made.schemas(),
            **({"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if has_token else {}),
        },
    }


@dataclass(frozen=True, slots=True)
class _Interface:
    """The parts of the description of one ruleset."""

    ruleset: Ruleset
    has_token: bool

    def paths(self) -> dict[str, Any]:
        """Every address."""
        base = f"/api/{self.ruleset.id}"
        asked = {
            "evaluate": ("每项政策的决定", "every policy's decision"),
            "explain": ("每项决定的理由", "why each decision came out as it did"),
            "interview": ("接下来问什么", "what to ask next"),
            "timeline": ("决定哪天变、各月应发", "when decisions change, and what is due month by month"),
            "compare": ("试一个参数的值", "the decisions beside those with other values of parameters"),
        }
        told = {
            "": ("Ruleset", "规则集", "the ruleset"),
            "/policies": ("Policies", "各项政策", "the policies"),
            "/facts": ("FactsSchema", "事实的 JSON Schema", "the facts as JSON Schema"),
            "/openapi.json": ("Interface", "本说明", "this description"),
        }
        return {
            "/health": {"get": self._told("health", "Health", "在不在", "whether the service is there", closed=False)},
            "/ready": {"get": self._told("ready", "Readiness", "可不可用", "which rulesets decide", closed=False)},
            "/metrics": {"get": self._metrics()},
            "/api": {"get": self._told("rulesets", "Rulesets", "有哪些规则集", "the rulesets")},
            **{
                f"{base}{end}": {"get": self._told(f"get_{name}", name, zh, en)} for end, (name, zh, en) in told.items()
            },
            **{f"{base}/{name}": {"post": self._asked(name, zh, en)} for name, (zh, en) in asked.items()},
            f"{base}/batch": {"post": self._batch()},
        }

    def schemas(self) -> dict[str, JsonSchema]:
        """The household, what may be asked of it, and what is answered."""
        facts = FactSchemas(self.ruleset.program, PREFIX)
        return {**facts.definitions(), "Household": facts.household(), **self._questions(), **ANSWERS}

    def _questions(self) -> dict[str, JsonSchema]:
        """The bodies of questions."""
        day, text, truth = self._day(), {"type": "string"}, {"type": ["boolean", "null"]}
        texts: JsonSchema = {"type": ["array", "null"], "items": text}
        previous: JsonSchema = {
            "type": ["object", "null"],
            "description": "what evaluate answered of the household before",
        }
        household = {"$ref": f"{PREFIX}Household"}
        how = {
            "assume": {**truth, "description": "whether what is declared is taken of facts that are not given: yes"},
            "continues": {**truth, "description": "whether months go on as the last one that is given: no"},
            "previous": previous,
        }
        asked = {"household": household, "as_of": day, **how}
        figures = {**texts, "description": "terms whose values are told besides"}
        record = {**truth, "description": "whether it goes into the record, where there is one: yes"}
        named = [one.id for one in self.ruleset.policies] + [
            word for one in self.ruleset.policies for word in (one.title.zh, one.title.en)
        ]
        policies = {"type": ["array", "null"], "items": {"enum": list(dict.fromkeys(named))}}
        answer = _object({"question": text, "member": {"type": ["string", "null"]}, "answer": {}}, "question")
        answer |= {"description": "`question` and `member` as interview says them; null where nobody knows"}
        values = {"type": ["object", "null"], "additionalProperties": _SETTING}
        return {
            "EvaluateQuestion": _object({**asked, "figures": figures, "record": record}, "household", "as_of"),
            "ExplainQuestion": _object({**asked, "figures": figures, "policies": policies}, "household", "as_of"),
            "InterviewQuestion": _object(
                {
                    "household": household,
                    "as_of": day,
                    "answers": {"type": ["array", "null"], "items": answer},
                    "every": {**truth, "description": "whether policies for other audiences are asked about: no"},
                    "assume": how["assume"],
                    "previous": previous,
                },
                "household",
                "as_of",
            ),
            "TimelineQuestion": _object(
                {
                    "household": household,
                    "from": day,
                    "to": day,
                    "assume": how["assume"],
                    "continues": how["continues"],
                },
                "household",
                "from",
                "to",
            ),
            "CompareQuestion": _object(
                {**asked, "settings": values, "open_readings": texts},
                "household",
                "as_of",
            ),
        }

    def _day(self) -> JsonSchema:
        """A day that the ruleset covers."""
        covers = self.ruleset.program.covers
        said = f"{to_date(covers.start).isoformat()} … {to_date(covers.end - 1).isoformat()}"
        return {"type": "string", "pattern": "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\\s*$", "description": said}

    def _asked(self, name: str, zh: str, en: str) -> dict[str, Any]:
        """A question about one household."""
        body = {"$ref": f"{PREFIX}{name.capitalize()}Question"}
        return {
            "operationId": name,
            "summary": f"{zh} / {en}",
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            **self._answered(f"{name.capitalize()}Answer", self._refusals("408", "413", "415", "422", "503", "504")),
        }

    def _batch(self) -> dict[str, Any]:
        """Many households, a line each."""
        lines = {"application/x-ndjson": {"schema": {"type": "string", "description": "a household a line"}}}
        answered = {
            "application/x-ndjson": {"schema": {"type": "string", "description": "JSON a line, each with `row`"}}
        }
        truth: JsonSchema = {"enum": ["true", "false"]}
        asked = {"as_of": (True, self._day()), "assume": (False, truth), "continues": (False, truth)}
        told = self._answered("Health", self._refusals("408", "413", "415", "422", "503", "504"))
        responses = {**told["responses"], "200": {"description": "a line for each household", "content": answered}}
        return {
            "operationId": "batch",
            "summary": "许多户 / many households",
            "parameters": [
                {"name": name, "in": "query", "required": required, "schema": schema}
                for name, (required, schema) in asked.items()
            ],
            "requestBody": {"required": True, "content": lines},
            **told,
            "responses": responses,
        }

    def _told(self, name: str, schema: str, zh: str, en: str, closed: bool = True) -> dict[str, Any]:
        """Something that is told to everybody."""
        refusals = self._refusals("503", "504") if closed else self._refusals()
        told = {"operationId": name, "summary": f"{zh} / {en}", **self._answered(schema, refusals)}
        return told if closed else {key: value for key, value in told.items() if key != "security"}

    def _metrics(self) -> dict[str, Any]:
        told = self._told("metrics", "Health", "计数", "counts and times, for Prometheus")
        content = {"text/plain": {"schema": {"type": "string"}}}
        return {**told, "responses": {**told["responses"], "200": {"description": "counts", "content": content}}}

    def _answered(self, schema: str, refusals: dict[str, Any]) -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": f"{PREFIX}{schema}"}}}
        responses = {"200": {"description": "the answer", "content": content}, **refusals}
        return {"responses": responses, **({"security": [{"token": []}]} if self.has_token else {})}

    def _refusals(self, *statuses: str) -> dict[str, Any]:
        """What may be answered instead."""
        problems = {"application/json": {"schema": {"$ref": f"{PREFIX}{PROBLEMS}"}}}
        every = [*statuses, "401" if self.has_token else "421"]
        return {one: {"description": _REFUSALS[one], "content": problems} for one in sorted(every)}


def _object(properties: dict[str, Any], *required: str) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
