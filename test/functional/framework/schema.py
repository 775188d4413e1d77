"""Holds replies against the schema that rpc.discover gives; knows as much of JSON Schema as that document uses."""

import decimal
import re

_TYPES = {"object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),), "integer": (int,), "number": (int, float, decimal.Decimal)}
_KNOWN = {"$ref", "anyOf", "not", "type", "enum", "pattern", "items", "properties", "required", "additionalProperties"}


class Misfit(AssertionError):
    """A value that the schema does not allow; the text says where and why."""


def _has_type(value, kind):
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


class Schema:
    """The results of the calls in one document."""

    def __init__(self, document):
        self.shared = document["components"]["schemas"]
        self.results = {method["name"]: method["result"]["schema"] for method in document["methods"]}

    def check(self, method, value):
        """Misfit when `value` is no result of the call; a call the document does not name is none of its business."""
        if method in self.results:
            self._fits(value, self.results[method], method)

    def _fits(self, value, schema, where):
        unknown = schema.keys() - _KNOWN
        if unknown:
            raise Misfit(f"{where}: the schema uses {sorted(unknown)}, which nobody here checks")
        if "$ref" in schema:
            self._fits(value, self.shared[schema["$ref"].removeprefix("#/components/schemas/")], where)
        elif "anyOf" in schema:
            self._one_fits(value, schema["anyOf"], where)
        elif "not" in schema:
            raise Misfit(f"{where}: a result, and not the error it always gives")
        elif "type" in schema:
            if not _has_type(value, schema["type"]):
                raise Misfit(f"{where}: {str(value)[:80]!r} is no {schema['type']}")
            self._inside(value, schema, where)

    def _one_fits(self, value, choices, where):
        reasons = []
        for choice in choices:
            try:
                return self._fits(value, choice, where)
            except Misfit as misfit:
                reasons.append(str(misfit))
        raise Misfit(f"{where}: fits none of {len(choices)} choices: " + "; ".join(reasons))

    def _inside(self, value, schema, where):
        if isinstance(value, str):
            if "enum" in schema and value not in schema["enum"]:
                raise Misfit(f"{where}: {value[:80]!r} is not one of {schema['enum']}")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                raise Misfit(f"{where}: {value[:80]!r} does not match {schema['pattern']}")
        elif isinstance(value, list):
            for place, item in enumerate(value):
                self._fits(item, schema["items"], f"{where}[{place}]")
        elif isinstance(value, dict):
            missing = [name for name in schema.get("required", []) if name not in value]
            if missing:
                raise Misfit(f"{where}: no {', '.join(missing)}")
            for name, item in value.items():
                inner = schema["properties"].get(name, schema["additionalProperties"])
                if inner is False:
                    raise Misfit(f"{where}: the schema knows no field {name!r}")
                self._fits(item, inner, f"{where}.{name}")
