"""Every error, reason and role of the core has its Kisi form."""

from rekey.dialects.kisi.errors import DENIALS, STATUS
from rekey.dialects.kisi.roles import BY_MEANING, KISI_ROLES
from rekey.domain import errors
from rekey.domain.decision import DenyReason
from rekey.domain.role import ROLES
from rekey.domain.scope import ScopeKind


def tree(error: type[errors.CoreError]) -> set[type[errors.CoreError]]:
    return {error}.union(
        *(tree(child) for child in error.__subclasses__() if child.__module__ == errors.__name__)
    )


def test_every_error_of_the_core_has_a_status_and_a_code_of_six_characters() -> None:
    assert tree(errors.CoreError) == set(STATUS)
    assert all(len(code) == 6 for _status, code in STATUS.values())


def test_every_reason_to_deny_has_a_status_and_a_code_of_six_characters() -> None:
    assert set(DENIALS) == set(DenyReason)
    assert all(len(code) == 6 for _status, code, _text in DENIALS.values())


def test_every_role_that_fits_a_scope_which_kisi_knows_has_a_role_id() -> None:
    shown = {ScopeKind.DOOR_GROUP, ScopeKind.SITE, ScopeKind.ORGANIZATION}
    needed = {(role, kind) for role, rule in ROLES.items() for kind in rule.fits & shown}
    assert needed == set(BY_MEANING)


def test_role_ids_are_unique() -> None:
    assert len({role.id for role in KISI_ROLES}) == len(KISI_ROLES)
