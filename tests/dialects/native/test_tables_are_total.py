"""Every error of the core has a status of the native API."""

from rekey.dialects.native.errors import STATUS, status_of
from rekey.domain import errors


def tree(error: type[errors.CoreError]) -> set[type[errors.CoreError]]:
    return {error}.union(
        *(tree(child) for child in error.__subclasses__() if child.__module__ == errors.__name__)
    )


def test_every_error_of_the_core_has_a_status_and_a_name() -> None:
    assert tree(errors.CoreError) == set(STATUS)


def test_an_error_of_an_adapter_answers_as_the_core_error_that_it_is() -> None:
    class DiskFull(errors.StoreUnavailable):
        pass

    assert status_of(DiskFull()) == STATUS[errors.StoreUnavailable]
