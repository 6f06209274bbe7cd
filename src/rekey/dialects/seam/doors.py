"""Doors as devices and as entrances: what several handlers show of them, and which a filter leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rekey.dialects.seam.errors import InvalidInput, NotThere
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.metadata import checked_metadata
from rekey.dialects.seam.narrow import doors_in_sight
from rekey.dialects.seam.translate_doors import (
    CAN_CODE,
    CAN_OFFLINE,
    DEVICE_TYPE,
    UNSEEN,
    Shown,
    able_to,
    opened_with,
    show_device,
    show_entrance,
    show_unmanaged,
)
from rekey.dialects.seam.wire import AcsEntrance, Device, UnmanagedDevice
from rekey.domain.access import DoorRecord
from rekey.domain.document import DocumentKind
from rekey.domain.door_contact import DoorContact
from rekey.domain.estate import Door, Site
from rekey.domain.role import Permission
from rekey.operations.annotate import annotations_of
from rekey.operations.reach import reachable_doors
from rekey.ports.door_driver import ComputesCodes, Keypad, KeypadLimits, Simulation
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

NAMESPACE = "seam"
UNMANAGED = "unmanaged"
POOL = "backup_pool"
LENGTHS = "code_lengths"
REPORTED = "hotek_metadata"
SPACE_ORIGIN = "seam:space"
MANUFACTURER = "unknown"
_HAS = "custom_metadata_has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A door with what is kept of it; how it is now is asked for later, outside the store."""

    door: Door
    site: Site
    notes: dict[str, object]
    space_ids: tuple[str, ...]
    severed_at: object = None
    contact: DoorContact | None = None

    @property
    def managed(self) -> bool:
        return self.notes.get(UNMANAGED) is not True


async def place(view: View, doors: Iterable[Door]) -> list[Placed]:
    """Put each door together with its site, its notes, its spaces and the state of its account."""
    several = [*doors]
    if not several:
        return []
    sites = {site.id: site for site in (await view.sites.list(WHOLE)).items}
    notes = await annotations_of(view, NAMESPACE, [door.id for door in several])
    named = [*{door.upstream_id for door in several if door.upstream_id is not None}]
    upstreams = (await view.upstreams.list(WHOLE, ids=named)).items if named else ()
    severed = {upstream.id: upstream.disconnected_at for upstream in upstreams}
    contacts = await view.door_contacts.of([door.id for door in several])
    return [
        Placed(
            door=door,
            site=sites[door.site_id],
            notes=dict(notes[door.id]),
            space_ids=await spaces_of(view, door.id),
            severed_at=severed.get(door.upstream_id or ""),
            contact=contacts.get(door.id),
        )
        for door in several
    ]


async def spaces_of(view: View, door_id: str) -> tuple[str, ...]:
    """Give the ids of the spaces that a door is in."""
    groups = await view.door_groups.list(WHOLE, door_id=door_id)
    return tuple(group.id for group in groups.items if group.origin == SPACE_ORIGIN)


async def place_records(view: View, records: Sequence[DoorRecord]) -> list[Placed]:
    """Find the doors of these records, oldest first."""
    if not records:
        return []
    listed = await view.doors.list(WHOLE, ids=[record.door_id for record in records])
    return await place(view, listed.items)


async def show_devices(kit: Kit, call: Call, placed: Sequence[Placed]) -> list[Device]:
    """Show the managed ones of these doors as devices, each as it is now."""
    managed = [one for one in placed if one.managed]
    shown = await _observed(kit, call, managed)
    return [show_device(one, workspace_id=call.workspace_id) for one in shown]


async def show_unmanaged_devices(kit: Kit, call: Call, placed: Sequence[Placed]) -> list[UnmanagedDevice]:
    """Show doors that are seen and not managed."""
    shown = await _observed(kit, call, placed)
    return [show_unmanaged(one, workspace_id=call.workspace_id) for one in shown]


async def _observed(kit: Kit, call: Call, placed: Sequence[Placed]) -> list[Shown]:
    states = await kit.observe(call, [(one.door, one.site) for one in placed])
    return [
        _shown(kit, one, state if one.severed_at is None else UNSEEN)
        for one, state in zip(placed, states, strict=True)
    ]


def _shown(kit: Kit, one: Placed, state: object) -> Shown:
    driver: object = kit.services.core.drivers.get(one.door.driver)
    return Shown(
        door=one.door,
        site=one.site,
        state=state,  # type: ignore[arg-type]  # it is what `observe` gave
        able=able_at(kit, one.door),
        simulated=kit.settings.sandbox and isinstance(driver, Simulation),
        keypad=_keypad(one, driver),
        has_pool=one.notes.get(POOL) is True,
        metadata=metadata_of(one.notes),
        space_ids=one.space_ids,
        contact=one.contact,
        severed_at=one.severed_at,  # type: ignore[arg-type]  # an instant, or None
    )


def _keypad(one: Placed, driver: object) -> KeypadLimits | None:
    """Give what the door's keypad takes, as far as it was not narrowed; None without one."""
    if not isinstance(driver, Keypad):
        return None
    limits, told = driver.limits(one.door.id), one.notes.get(LENGTHS)
    if not isinstance(told, list):
        return limits
    return replace(limits, lengths=tuple(length for length in limits.lengths if length in told))


def able_at(kit: Kit, door: Door) -> frozenset[str]:
    """Name the capability flags that are true of a door: what its driver can do, less what this door lacks."""
    driver: object = kit.services.core.drivers.get(door.driver)
    lacks = set()
    if computer_of(driver, door.id) is None:
        lacks.add(CAN_OFFLINE)
    if isinstance(driver, Keypad) and not driver.limits(door.id).lengths:
        lacks.add(CAN_CODE)
    return able_to(kit.abilities_of(door.driver)) - lacks


def computer_of(driver: object, door_id: str) -> ComputesCodes | None:
    """Give what works out codes as this door's lock does; None where the lock does not."""
    return driver if isinstance(driver, ComputesCodes) and driver.computes_codes(door_id) else None


def metadata_of(notes: dict[str, object]) -> dict[str, str | bool]:
    """Give the custom metadata among the notes of a thing."""
    kept = notes.get("custom_metadata")
    if not isinstance(kept, dict):
        return {}
    return {name: value for name, value in kept.items() if isinstance(value, str | bool)}


def show_entrances(kit: Kit, call: Call, placed: Sequence[Placed]) -> list[AcsEntrance]:
    """Show doors as entrances, without asking them how they are now."""
    return [
        show_entrance(
            Shown(
                door=one.door,
                site=one.site,
                state=UNSEEN,
                able=opened_with(kit.abilities_of(one.door.driver)),
                space_ids=one.space_ids,
                severed_at=one.severed_at,  # type: ignore[arg-type]  # an instant, or None
                reported=reported_of(one.notes),
            ),
            workspace_id=call.workspace_id,
        )
        for one in placed
    ]


def reported_of(notes: dict[str, object]) -> dict[str, str]:
    """Give what was reported of a door by its system, by the names that the system has for it."""
    kept = notes.get(REPORTED)
    return {name: str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


async def named_doors(kit: Kit, call: Call) -> tuple[str, ...] | None:
    """Give the doors that are named as devices and as entrances, each once; None if neither list was sent.

    Raises: NotThere, which names the kind that was asked for.
    """

    async def look(view: View) -> None:
        for plural, name in (("device_ids", "device_id"), ("acs_entrance_ids", "acs_entrance_id")):
            for door_id in call.args.ids(plural) or ():
                if await view.doors.get(door_id) is None:
                    raise NotThere(f"{name.removesuffix('_id')}_not_found", {name: door_id})

    await kit.read(call, Permission.ESTATE_READ, look)
    return listed_doors(call)


def listed_doors(call: Call) -> tuple[str, ...] | None:
    """Give devices and entrances together, whether they are there or not: here they are the same doors."""
    devices, entrances = call.args.ids("device_ids"), call.args.ids("acs_entrance_ids")
    if devices is None and entrances is None:
        return None
    return tuple(dict.fromkeys((*(devices or ()), *(entrances or ()))))


async def wanted_doors(view: View, call: Call, *, ids_name: str) -> frozenset[str] | None:
    """Give the ids to which filters by ids, space, account, page, customer and session narrow; None for all."""
    args = call.args
    sets: list[frozenset[str]] = []
    seen = await doors_in_sight(view, call)
    if seen is not None:
        sets.append(seen)
    ids = args.ids(ids_name)
    if ids is not None:
        sets.append(frozenset(ids))
    space_id = args.text("space_id")
    if space_id is not None:
        sets.append(await _of_space(view, space_id))
    customer = args.text("customer_key")
    if customer is not None:
        sets.append(await doors_of_customer(view, customer))
    identifier = args.text("user_identifier_key")
    if identifier is not None:
        sets.append(await _of_identifier(view, identifier))
    page_id = args.text("connect_webview_id")
    if page_id is not None:
        sets.append(await _of_page(view, page_id))
    sets += [await _of_accounts(view, accounts) for accounts in _accounts(call)]
    return frozenset.intersection(*sets) if sets else None


def _accounts(call: Call) -> list[tuple[str, ...]]:
    """Give the filters by account; the workspace's own account is named by the workspace."""
    one, several = call.args.text("connected_account_id"), call.args.ids("connected_account_ids")
    return [accounts for accounts in (None if one is None else (one,), several) if accounts is not None]


async def _of_accounts(view: View, accounts: Sequence[str]) -> frozenset[str]:
    upstreams = [account for account in accounts if account != view.organization_id]
    listed = (await view.doors.list(WHOLE, upstream_ids=upstreams)).items if upstreams else ()
    ids = {door.id for door in listed}
    if view.organization_id in accounts:
        ids |= {door.id for door in (await view.doors.list(WHOLE)).items if door.upstream_id is None}
    return frozenset(ids)


async def _of_space(view: View, space_id: str) -> frozenset[str]:
    places = await view.door_groups.places(WHOLE, door_group_id=space_id)
    return frozenset(place.door_id for place in places.items)


async def doors_of_customer(view: View, customer_key: str) -> frozenset[str]:
    """Give the doors of a customer's accounts and places."""
    owned = await view.upstreams.list(WHOLE, customer_key=customer_key)
    accounts = [upstream.id for upstream in owned.items]
    ids = {*(await _of_accounts(view, accounts) if accounts else ())}
    for group in (await view.door_groups.list(WHOLE, customer_key=customer_key)).items:
        ids |= await _of_space(view, group.id)
    return frozenset(ids)


async def _of_identifier(view: View, identifier: str) -> frozenset[str]:
    session = await view.client_sessions.by_external_key(identifier)
    return frozenset() if session is None else await reachable_doors(view, session)


async def _of_page(view: View, page_id: str) -> frozenset[str]:
    page = await view.documents.get(DocumentKind.CONNECT_PAGE, page_id)
    upstream_id = None if page is None else page.body.get("upstream")
    return await _of_accounts(view, [upstream_id]) if isinstance(upstream_id, str) else frozenset()


def fits_device_filters(kit: Kit, call: Call, door: Door) -> bool:
    """Say whether a door passes the filters on what it is in itself, but for the search."""
    args = call.args
    able = able_at(kit, door)
    if not able.issuperset(args.texts("include_if") or ()) or able & {*(args.texts("exclude_if") or ())}:
        return False
    if args.text("unstable_location_id") is not None or args.text("manufacturer") is not None:
        return False
    types, before = args.texts("device_types"), args.instant("created_before")
    return (
        args.text("device_type") in {None, DEVICE_TYPE}
        and (types is None or DEVICE_TYPE in types)
        and (before is None or door.created_at < before)
    )


def has_metadata(call: Call, metadata: dict[str, str | bool]) -> bool:
    """Say whether every pair of `custom_metadata_has` is there; a query spells true and false as text.

    Raises: InvalidInput (a value that metadata cannot have).
    """
    wanted = checked_metadata(call.args.mapping(_HAS), field=_HAS)
    if None in wanted.values():
        raise InvalidInput({_HAS: ["Expected string or boolean, received null"]})
    return all(_spelt(metadata.get(name)) == _spelt(value) for name, value in wanted.items())


def _spelt(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None
