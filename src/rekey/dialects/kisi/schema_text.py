"""Schemas in one line each, which is what a table of forty objects can still be read in.

An object is `name:type name?:type`: a question mark after the name says that the key may be missing, after the
type that the value may be null. A type is `int`, `num`, `str`, `bool`, `time`, `date`, `map` (any object), `any`,
`'word|word'` (one of these words), `@Name` (another object), or any of them in brackets for a list.
"""

from typing import Any, Final

Schema = dict[str, Any]

_PLAIN: Final[dict[str, Schema]] = {
    "int": {"type": "integer"},
    "num": {"type": "number"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "map": {"type": "object"},
    "any": {},
}


def object_schema(text: str, *, closed: bool = True) -> Schema:
    """Read an object. Raises: KeyError for a type that is not known."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for part in text.split():
        name, _colon, kind = part.partition(":")
        properties[name.rstrip("?")] = type_schema(kind)
        if not name.endswith("?"):
            required.append(name)
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    if closed:
        schema["additionalProperties"] = False
    return schema


def type_schema(text: str) -> Schema:
    """Read a type. Raises: KeyError."""
    if text.endswith("?"):
        schema = type_schema(text[:-1])
        return {"anyOf": [schema, {"type": "null"}]}
    if text.startswith("["):
        return {"type": "array", "items": type_schema(text[1:-1])}
    if text.startswith("@"):
        return {"$ref": f"#/components/schemas/{text[1:]}"}
    if text.startswith("'"):
        return {"type": "string", "enum": text[1:-1].split("|")}
    return dict(_PLAIN[text])
