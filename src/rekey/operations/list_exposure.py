"""list_exposure: every person and door where a revocation is not yet proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.revocation import DoorReceipt, DoorStatus, Revocation
from rekey.operations.show_receipt import show_receipt
from rekey.ports.door_driver import DoorDriver
from rekey.ports.listing import WHOLE, Part
from rekey.ports.store import View

LOOK_BACK = 500


@dataclass(frozen=True, slots=True)
class Exposure:
    """A revocation and the line of one door that has not confirmed it."""

    revocation: Revocation
    door: DoorReceipt


async def list_exposure(view: View, drivers: Mapping[str, DoorDriver], now: datetime) -> tuple[Exposure, ...]:
    """List what is revoked but may still open, newest first.

    That is over the newest 500 revocations, and all of whoever had a computed code that a lock still takes.
    """
    newest = (await view.revocations.list(Part(limit=LOOK_BACK), newest_first=True)).items
    known = {revocation.id for revocation in newest}
    older = [one for one in await _of_computed(view, now) if one.id not in known]
    exposed: list[Exposure] = []
    for revocation in [*newest, *sorted(older, key=lambda one: -one.position)]:
        receipt = await show_receipt(view, revocation.id, drivers, now)
        exposed.extend(
            Exposure(revocation, door) for door in receipt.doors if door.status is not DoorStatus.CONFIRMED
        )
    return tuple(exposed)


async def _of_computed(view: View, now: datetime) -> list[Revocation]:
    holders = {one.holder for one in await view.credentials.computed(now)} - {None}
    ids = sorted(holder.id for holder in holders if holder is not None)
    return [one for id_ in ids for one in (await view.revocations.list(WHOLE, person_id=id_)).items]
