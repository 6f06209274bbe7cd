"""Every core error has its answer, and every schema says what the contract asks of it."""

from rekey.dialects.scim.discovery import SCHEMAS, schema_document
from rekey.dialects.scim.errors import STATUS
from rekey.domain import errors


def tree(error: type[errors.CoreError]) -> set[type[errors.CoreError]]:
    return {error}.union(
        *(tree(child) for child in error.__subclasses__() if child.__module__ == errors.__name__)
    )


def test_every_error_of_the_core_has_a_status() -> None:
    assert tree(errors.CoreError) == set(STATUS)


def test_no_schema_document_holds_a_null() -> None:
    def nulls(value: object) -> bool:
        if isinstance(value, dict):
            return any(map(nulls, value.values()))
        return any(map(nulls, value)) if isinstance(value, list) else value is None

    assert not any(nulls(schema_document(schema, "")) for schema in SCHEMAS)
