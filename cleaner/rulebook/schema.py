"""The JSON Schema of rule files, for completion and checking in editors; generated from the rule types."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from cleaner.rulebook.model import FORMS


def schema() -> str:
    """The schema as JSON: a rule file is a mapping with `rules`, and optionally `family` and `defaults`."""
    forms = list(dict.fromkeys(FORMS.values()))
    _, components = msgspec.json.schema_components(forms, ref_template="#/$defs/{name}")
    for form in forms:
        # What a file gives in its defaults need not stand in the rule; the program checks the two together.
        components[form.__name__]["required"] = ["id", *_known_by(form)]
    fields: dict[str, Any] = {
        "family": {"type": "string", "description": "The heading under which the documentation lists the rules of this file."},
        "defaults": {"type": "object", "description": "Keys that every rule of this file has unless it says otherwise."},
        "rules": {"type": "array", "items": {"anyOf": [{"$ref": f"#/$defs/{form.__name__}"} for form in forms]}},
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of cleaner",
        "type": "object",
        "properties": fields,
        "required": ["rules"],
        "additionalProperties": False,
        "$defs": components,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _known_by(form: type) -> list[str]:
    names = [name for name, known in FORMS.items() if known is form]
    return names if len(names) == 1 else []
