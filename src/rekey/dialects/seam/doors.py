"""Doors as devices and as entrances: what several handlers show of them."""

from collections.abc import Iterable, Sequence

from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.translate import DEVICE_TYPE, able_to, show_device, show_entrance
from rekey.dialects.seam.wire import AcsEntrance, Device
from rekey.domain.access import DoorRecord
from rekey.domain.estate import Door, Site
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

# Filters on what doors do not have: none fits when one of these is given.
_NOTHING_HAS = (
    "connect_webview_id",
    "customer_key",
    "space_id",
    "unstable_location_id",
    "user_identifier_key",
    "manufacturer",
)

Placed = tuple[Door, Site]


async def place(view: View, doors: Iterable[Door]) -> list[Placed]:
    """Pair each door with its site."""
    sites = {site.id: site for site in (await view.sites.list(WHOLE)).items}
    return [(door, sites[door.site_id]) for door in doors]


async def place_records(view: View, records: Sequence[DoorRecord]) -> list[Placed]:
    """Find the doors of these records, oldest first."""
    if not records:
        return []
    listed = await view.doors.list(WHOLE, ids=[record.door_id for record in records])
    return await place(view, listed.items)


async def show_devices(kit: Kit, call: Call, placed: Sequence[Placed]) -> list[Device]:
    """Show doors as devices, each as it is now."""
    states = await kit.observe(call, placed)
    return [
        show_device(
            door, site, state, workspace_id=call.workspace_id, abilities=kit.abilities_of(door.driver)
        )
        for (door, site), state in zip(placed, states, strict=True)
    ]


def show_entrances(call: Call, placed: Sequence[Placed]) -> list[AcsEntrance]:
    """Show doors as entrances."""
    return [
        show_entrance(
            door.id, door.name, door.site_id, workspace_id=call.workspace_id, created_at=door.created_at
        )
        for door, _site in placed
    ]


def fits_device_filters(kit: Kit, call: Call, door: Door) -> bool:
    """Say whether a door passes the filters that every list of devices takes, but for the search."""
    args = call.args
    able = able_to(kit.abilities_of(door.driver))
    if not able.issuperset(args.texts("include_if") or ()) or able & {*(args.texts("exclude_if") or ())}:
        return False
    if any(args.text(name) is not None for name in _NOTHING_HAS) or args.mapping("custom_metadata_has"):
        return False
    types, ids = args.texts("device_types"), args.texts("device_ids")
    accounts = args.texts("connected_account_ids")
    before = args.instant("created_before")
    return (
        args.text("device_type") in {None, DEVICE_TYPE}
        and (types is None or DEVICE_TYPE in types)
        and (ids is None or door.id in {named.lower() for named in ids})
        and args.text("connected_account_id") in {None, call.workspace_id}
        and (accounts is None or call.workspace_id in accounts)
        and (before is None or door.created_at < before)
    )
