"""What a report of a run may hold, `report_schema.json`, and whether some values keep to it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["SCHEMA", "first_problem", "plain"]

SCHEMA = Path(__file__).with_suffix(".json")
LONGEST_PROBLEM = 200
LONGEST_NUMBER = 308  # digits; a float holds no more


def first_problem(values: Any, part: str = "") -> str:
    """The first place where values break the schema, and how, in one line; "" where they keep to it.

    Args:
        values: plain JSON values.
        part: "notebook", "claim" or "verdict"; a whole report by default.
    """
    errors = sorted(_validator(part).iter_errors(values), key=lambda error: error.json_path)
    if not errors:
        return ""
    where = errors[0].json_path.removeprefix("$").removeprefix(".")
    return " ".join(f"{where}: {errors[0].message}".removeprefix(": ").split())[:LONGEST_PROBLEM]


def plain(value: Any) -> Any:
    """The same value without what JSON has no word for: numbers beyond a float become None, unknown types their text.

    Raises:
        ValueError: it contains itself, or an integer of thousands of digits.
    """

    def integer(digits: str) -> int | None:
        return int(digits) if len(digits) <= LONGEST_NUMBER else None

    return json.loads(json.dumps(value, default=str), parse_constant=lambda _: None, parse_int=integer)


@cache
def _validator(part: str) -> Any:
    import jsonschema

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wanted = {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema
    return jsonschema.Draft202012Validator(wanted)
