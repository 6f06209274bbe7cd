"""credential_at_door: whether a credential is set at a door, as far as the door has proved it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rekey.domain.access import DoorRecord
from rekey.domain.credential import Credential
from rekey.domain.door_credentials import (
    ListedCredential,
    credential_ids,
    listed_rights,
    listed_terms,
)
from rekey.domain.door_log import DoorEntry, DoorSync
from rekey.operations.computed_codes import OPENS_UNTIL_ITS_END, stands_at
from rekey.operations.holders import record_of
from rekey.ports.door_driver import Ability, DoorDriver, kinds_read
from rekey.ports.store import View


class PlaceStatus(StrEnum):
    """Where a credential stands at one door.

    UNSET: it was never sent there and does not belong there now. SETTING: it belongs there, and the door has
    not proved it. SET: a read-back has shown it. REMOVING: it belongs there no more, and the door may still
    let it in. GONE: the door has proved that it does not.
    """

    UNSET = "unset"
    SETTING = "setting"
    SET = "set"
    REMOVING = "removing"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialAtDoor:
    """`exposed_until` is when at the latest the door stops to let in what is being removed; None: not known.

    `confirmed_at` is when the door proved SET or GONE. `problem` is what went wrong when it was last served;
    `refuted` says that the door still knows the credential although it answered that it was gone.
    """

    status: PlaceStatus
    intended: bool
    confirmed_at: datetime | None = None
    exposed_until: datetime | None = None
    problem: str = ""
    refuted: bool = False

    @property
    def confirmed(self) -> bool:
        return self.status in {PlaceStatus.SET, PlaceStatus.GONE}


async def credential_at_door(
    view: View, credential: Credential, door: DoorRecord, *, driver: DoorDriver | None, now: datetime
) -> CredentialAtDoor:
    """Say where the credential stands at the door.

    A door that keeps no list asks the server each time, so there what is intended is what holds. A computed code
    holds there from the first moment, until its window ends.
    """
    if credential.computed:
        return await _computed(view, credential, door, now)
    abilities = frozenset[Ability]() if driver is None else driver.abilities
    terms = await _intended_terms(view, credential, door, abilities)
    intended = terms is not None
    if Ability.KEEPS_LIST not in abilities:
        status = PlaceStatus.SET if intended else PlaceStatus.UNSET
        return CredentialAtDoor(status=status, intended=intended, confirmed_at=now if intended else None)
    sync = await view.door_logs.sync(door.door_id)
    entries = await _lines(view, credential, door, sync)
    if terms is not None:
        return _present(credential, entries, sync, terms=terms)
    return _absent(credential, entries, sync, now)


async def _computed(view: View, credential: Credential, door: DoorRecord, now: datetime) -> CredentialAtDoor:
    end = credential.validity.end
    if end is not None and end <= now:
        return CredentialAtDoor(status=PlaceStatus.GONE, intended=False, confirmed_at=end)
    record = None if credential.holder is None else await record_of(view, credential.holder)
    if record is not None and stands_at(credential, record, door, now):
        made = credential.created_at
        return CredentialAtDoor(status=PlaceStatus.SET, intended=True, confirmed_at=made)
    return CredentialAtDoor(
        status=PlaceStatus.REMOVING, intended=False, exposed_until=end, problem=OPENS_UNTIL_ITS_END
    )


async def _intended_terms(
    view: View, credential: Credential, door: DoorRecord, abilities: frozenset[Ability]
) -> str | None:
    """Give the line in which the credential belongs on the door's list; None if it does not belong there."""
    holder = credential.holder
    record = None if holder is None else await record_of(view, holder)
    if record is None:
        return None
    terms = listed_terms(record, door, (credential,), reads=kinds_read(abilities))
    return terms if terms is not None and credential.id in credential_ids(terms) else None


async def _lines(
    view: View, credential: Credential, door: DoorRecord, sync: DoorSync
) -> tuple[DoorEntry, ...]:
    """Give the lines by which the door may know it: the holder's, or of whoever held it while unproved."""
    if credential.holder is not None:
        return await view.door_logs.lines_of(door.door_id, credential.holder.id)
    tail = await view.door_logs.since(door.door_id, sync.confirmed_seq)
    lines: list[DoorEntry] = []
    for holder_id in sorted({entry.person_id for entry in tail}):
        theirs = await view.door_logs.lines_of(door.door_id, holder_id)
        if any(credential.id in credential_ids(entry.terms) for entry in theirs):
            lines.extend(theirs)
    return tuple(sorted(lines, key=lambda entry: entry.seq))


def _present(
    credential: Credential, entries: Sequence[DoorEntry], sync: DoorSync, *, terms: str
) -> CredentialAtDoor:
    newest = entries[-1] if entries else None
    # What the door knows under the same id may be an older secret, or an older window.
    proved = (
        newest is not None
        and newest.confirmed_at is not None
        and _listed(newest.terms, credential.id) == _listed(terms, credential.id)
    )
    if not proved or newest is None:
        return CredentialAtDoor(status=PlaceStatus.SETTING, intended=True, problem=sync.problem)
    return CredentialAtDoor(status=PlaceStatus.SET, intended=True, confirmed_at=newest.confirmed_at)


def _absent(
    credential: Credential, entries: Sequence[DoorEntry], sync: DoorSync, now: datetime
) -> CredentialAtDoor:
    named = [at for at, entry in enumerate(entries) if credential.id in credential_ids(entry.terms)]
    if not named:
        return CredentialAtDoor(status=PlaceStatus.UNSET, intended=False)
    after = entries[named[-1] + 1 :]
    if not after:
        # The list has not followed yet: whatever lease the door has may still be acted on.
        return _removing(sync.lease_end, sync, now)
    if credential.id in sync.refuted:
        # It has answered once that the credential is gone, so its leases are not believed either.
        return replace(_removing(None, sync, now), refuted=True)
    proofs = [entry.confirmed_at for entry in after if entry.confirmed_at is not None]
    if proofs:
        return CredentialAtDoor(status=PlaceStatus.GONE, intended=False, confirmed_at=proofs[0])
    return _removing(after[0].exposed_until, sync, now)


def _removing(until: datetime | None, sync: DoorSync, now: datetime) -> CredentialAtDoor:
    if until is not None and until <= now:
        return CredentialAtDoor(status=PlaceStatus.GONE, intended=False, confirmed_at=until)
    return CredentialAtDoor(
        status=PlaceStatus.REMOVING, intended=False, exposed_until=until, problem=sync.problem
    )


def _listed(terms: str, credential_id: str) -> ListedCredential | None:
    rights = listed_rights(terms).credentials if terms else ()
    return next((listed for listed in rights if listed.id == credential_id), None)
