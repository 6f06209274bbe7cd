"""list_exposure: every person and door where a revocation is not yet proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.revocation import DoorReceipt, DoorStatus, Revocation
from rekey.operations.show_receipt import show_receipt
from rekey.ports.door_driver import DoorDriver
from rekey.ports.listing import Part
from rekey.ports.store import View

LOOK_BACK = 500


@dataclass(frozen=True, slots=True)
class Exposure:
    """A revocation and the line of one door that has not confirmed it."""

    revocation: Revocation
    door: DoorReceipt


async def list_exposure(view: View, drivers: Mapping[str, DoorDriver], now: datetime) -> tuple[Exposure, ...]:
    """List what is revoked but may still open, over the newest 500 revocations, newest first."""
    newest = await view.revocations.list(Part(limit=LOOK_BACK), newest_first=True)
    exposed: list[Exposure] = []
    for revocation in newest.items:
        receipt = await show_receipt(view, revocation.id, drivers, now)
        exposed.extend(
            Exposure(revocation, door) for door in receipt.doors if door.status is not DoorStatus.CONFIRMED
        )
    return tuple(exposed)
