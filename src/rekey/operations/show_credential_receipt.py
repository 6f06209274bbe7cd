"""show_credential_receipt: what every door that knew a credential has proved of its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import DoorRecord
from rekey.domain.credential import READ_AT_DOORS, Credential
from rekey.domain.revocation import DoorReceipt, DoorStatus
from rekey.operations.computed_codes import WINDOW_OVER
from rekey.operations.credential_at_door import CredentialAtDoor, PlaceStatus, credential_at_door
from rekey.ports.door_driver import DoorDriver
from rekey.ports.store import View

LOOK_BACK = 500


@dataclass(frozen=True, slots=True)
class CredentialExposure:
    """A credential that has ended, and the line of one door that may still let it in."""

    credential: Credential
    door: DoorReceipt


async def show_credential_receipt(
    view: View, credential: Credential, drivers: Mapping[str, DoorDriver], now: datetime
) -> tuple[DoorReceipt, ...]:
    """Give a line for each door that was told of the credential and from which it is, or must be, gone."""
    holder = credential.holder
    told = [] if holder is None else [entry.door_id for entry in await view.door_logs.of_person(holder.id)]
    lines = []
    for door_id in sorted({*told, *credential.door_ids}):
        door = await view.access.door(door_id)
        if door is None:
            continue
        place = await credential_at_door(view, credential, door, driver=drivers.get(door.driver), now=now)
        line = _line(door, place, WINDOW_OVER if credential.computed else "read-back")
        if line is not None:
            lines.append(line)
    return tuple(sorted(lines, key=lambda line: (line.door_name, line.door_id)))


async def list_credential_exposure(
    view: View, drivers: Mapping[str, DoorDriver], now: datetime
) -> tuple[CredentialExposure, ...]:
    """List the doors that may still let in one of the 500 credentials that ended last, or an ended computed code."""
    exposed: list[CredentialExposure] = []
    newest = await view.credentials.newly_ended(LOOK_BACK)
    known = {credential.id for credential in newest}
    lasting = [one for one in await view.credentials.computed(now) if one.ended_at and one.id not in known]
    for credential in [*newest, *lasting]:
        if credential.kind not in READ_AT_DOORS:
            continue
        lines = await show_credential_receipt(view, credential, drivers, now)
        exposed.extend(
            CredentialExposure(credential, line) for line in lines if line.status is not DoorStatus.CONFIRMED
        )
    return tuple(exposed)


def _line(door: DoorRecord, place: CredentialAtDoor, witness: str) -> DoorReceipt | None:
    if place.status not in {PlaceStatus.GONE, PlaceStatus.REMOVING}:
        return None
    gone = place.status is PlaceStatus.GONE
    return DoorReceipt(
        door_id=door.door_id,
        door_name=door.name,
        status=DoorStatus.CONFIRMED if gone else _status(place),
        effective_at=place.confirmed_at,
        effective_by=place.exposed_until,
        witness=witness if gone else None,
        detail=place.problem,
    )


def _status(place: CredentialAtDoor) -> DoorStatus:
    if place.refuted:
        return DoorStatus.REFUTED
    if not place.problem:
        return DoorStatus.PENDING
    return DoorStatus.UNBOUNDED if place.exposed_until is None else DoorStatus.EXPOSED
