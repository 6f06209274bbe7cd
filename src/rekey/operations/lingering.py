"""What has ended and may still open a door that cannot be reached: it is over here, and not there yet."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rekey.domain.credential import Credential
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow
from rekey.domain.people import Enrolment, Person
from rekey.domain.revocation import DoorReceipt, DoorStatus, Revocation
from rekey.domain.scope import Scope
from rekey.operations.show_credential_receipt import LOOK_BACK, show_credential_receipt
from rekey.operations.show_receipt import show_receipt
from rekey.operations.unsettled import listing_doors
from rekey.ports.door_driver import DoorDriver
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View

# A door that is being told just now is not held against it: it proves it within moments.
_HELD_BACK = frozenset({DoorStatus.EXPOSED, DoorStatus.UNBOUNDED, DoorStatus.REFUTED})

Drivers = Mapping[str, DoorDriver]


async def lingering_person(
    view: View, person_id: str, drivers: Drivers, now: datetime
) -> tuple[Person, Revocation] | None:
    """Give a person who was removed while a door that cannot be reached may still let that person in."""
    if await view.people.get(person_id) is not None:
        return None
    person = await view.people.last_known(person_id)
    revocations = (await view.revocations.list(WHOLE, person_id=person_id)).items
    leaving = [revocation for revocation in revocations if revocation.leaving]
    if person is None or not leaving:
        return None
    newest = max(leaving, key=lambda one: one.position)
    receipt = await show_receipt(view, newest.id, drivers, now)
    return (person, newest) if _held_back(receipt.doors) else None


async def lingering_enrolment(
    view: View, enrolment_id: str, drivers: Drivers, now: datetime
) -> tuple[Enrolment, Revocation] | None:
    """Give an enrolment that has ended while a door of its site that cannot be reached may still open to it."""
    if await view.enrolments.get(enrolment_id) is not None:
        return None
    enrolment = await view.history.enrolment(enrolment_id, view.position)
    if enrolment is None or await view.enrolments.at(enrolment.person_id, enrolment.site_id) is not None:
        return None
    reach = {Scope.site(enrolment.site_id), Scope.organization(view.organization_id)}
    revocations = (await view.revocations.list(WHOLE, person_id=enrolment.person_id)).items
    covering = [revocation for revocation in revocations if revocation.scope in reach]
    if not covering:
        return None
    newest = max(covering, key=lambda one: one.position)
    doors = {door.id for door in (await view.doors.list(WHOLE, site_id=enrolment.site_id)).items}
    receipt = await show_receipt(view, newest.id, drivers, now)
    here = [line for line in receipt.doors if line.door_id in doors]
    return (enrolment, newest) if _held_back(here) else None


async def lingers(view: View, credential: Credential, drivers: Drivers, now: datetime) -> bool:
    """Say whether a credential has ended and a door that cannot be reached may still let it in."""
    if credential.ended_at is None:
        return False
    return _held_back(await show_credential_receipt(view, credential, drivers, now))


async def lingering_group(view: View, door_group_id: str, drivers: Drivers) -> datetime | None:
    """Say since when a door group has been ended while a door of it cannot be reached to be told so.

    None also for one of those that ended before the last 500.
    """
    if await view.door_groups.get(door_group_id) is not None:
        return None
    behind = [door for door in await listing_doors(view, drivers) if door.sync.problem]
    ended = await _ending_of(view, door_group_id) if behind else None
    if ended is None:
        return None
    for door in behind:
        record = await view.access.door(door.door_id, Position(ended.position - 1))
        was_in = record is not None and record.is_covered_by(Scope.door_group(door_group_id))
        if was_in and door.sync.confirmed_position < ended.position:
            return ended.at
    return None


async def _ending_of(view: View, door_group_id: str) -> JournalRow | None:
    matching = JournalFilter(action="door_group.ended")
    rows = await view.journal.rows(limit=LOOK_BACK, matching=matching, newest_first=True)
    return next((one.row for one in rows if one.row.detail.get("door_group") == door_group_id), None)


def _held_back(lines: Iterable[DoorReceipt]) -> bool:
    return any(line.status in _HELD_BACK for line in lines)
