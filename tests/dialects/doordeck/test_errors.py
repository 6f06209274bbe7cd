"""Every refusal of the core has an answer here."""

from collections.abc import Iterator

from rekey.dialects.doordeck.errors import DENIAL, STATUS
from rekey.domain.decision import DenyReason
from rekey.domain.errors import CoreError

# The statuses that official clients know. Source: Doordeck contract, 1.1.
_KNOWN = {400, 401, 403, 404, 405, 406, 409, 410, 422, 423, 425, 429, 500, 503, 504}


def _tree(error: type[CoreError]) -> Iterator[type[CoreError]]:
    yield error
    for below in error.__subclasses__():
        yield from _tree(below)


def test_every_error_of_the_core_has_a_status_that_clients_know() -> None:
    core = {error for error in _tree(CoreError) if error.__module__ == CoreError.__module__}
    assert core == set(STATUS)
    assert set(STATUS.values()) <= _KNOWN


def test_every_reason_to_deny_has_a_text() -> None:
    assert set(DENIAL) == set(DenyReason)
