"""Faults in what the rule says of credentials, of links and of stays; the comparison must see each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rekey.domain import access
from rekey.domain.access import DoorRecord, HolderRecord, Presented, refuse_credential
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.decision import Denied, DenyReason, Path
from rekey.domain.link import Link
from tests.property.faults import Fault

_REAL_USE = access._refuse_use
_REAL_REFUSE = refuse_credential


def _waiting_credentials_count(credential: Credential | None, instant: datetime) -> Iterator[Denied]:
    waits = {DenyReason.CREDENTIAL_INACTIVE, DenyReason.CREDENTIAL_UNASSIGNED}
    return (denied for denied in _REAL_REFUSE(credential, instant) if denied.reason not in waits)


def _suspended_credentials_count(credential: Credential | None, instant: datetime) -> Iterator[Denied]:
    if credential is not None and credential.state is CredentialState.SUSPENDED:
        return iter(())
    return _REAL_REFUSE(credential, instant)


def _second_factor_is_not_asked(presented: Presented, door: Any) -> Iterator[Denied]:
    if presented.credential is None:
        return iter(())
    typed = Presented(presented.credential, presented.credential.second_fingerprint)
    return _REAL_USE(typed, door)


def _any_second_factor_will_do(presented: Presented, door: Any) -> Iterator[Denied]:
    wrong = DenyReason.SECOND_FACTOR_WRONG
    return (denied for denied in _REAL_USE(presented, door) if denied.reason is not wrong)


def _last_use_counts_twice(credential: Credential) -> bool:
    return credential.max_uses is not None and credential.uses > credential.max_uses


def _links_last_for_ever(link: Link, instant: datetime) -> Iterator[Denied]:
    if link.uses_left == 0:
        yield Denied(DenyReason.LINK_USED_UP, link.id)


def _lost_at_every_door(path: Path, holder: HolderRecord, door: DoorRecord) -> bool:
    return any(path.grant.origin == origin for origin, _door in holder.lost)


def _a_stay_shuts_every_path(path: Path, holder: HolderRecord, door: DoorRecord) -> bool:
    return any(lost == door.door_id for _origin, lost in holder.lost)


HOLDER_FAULTS: dict[str, Fault] = {
    "a stay takes nothing over": Fault(access, "is_lost", lambda _path, _holder, _door: False),
    "a stay takes every door over": Fault(access, "is_lost", _lost_at_every_door),
    "a stay shuts what was not given for one": Fault(access, "is_lost", _a_stay_shuts_every_path),
    "a credential that waits counts": Fault(access, "refuse_credential", _waiting_credentials_count),
    "a suspended credential counts": Fault(access, "refuse_credential", _suspended_credentials_count),
    "a credential is never used up": Fault(Credential, "is_used_up", property(lambda _: False)),
    "a credential has a use more": Fault(Credential, "is_used_up", property(_last_use_counts_twice)),
    "a credential counts at every door": Fault(Credential, "counts_at", lambda _self, _door: True),
    "a credential without doors counts nowhere": Fault(
        Credential, "counts_at", lambda self, door: door in self.door_ids
    ),
    "the second factor is not asked": Fault(access, "_refuse_use", _second_factor_is_not_asked),
    "any second factor will do": Fault(access, "_refuse_use", _any_second_factor_will_do),
    "a link lasts for ever": Fault(access, "_refuse_link", _links_last_for_ever),
    "a link is never used up": Fault(Link, "uses_left", property(lambda _: None)),
}
