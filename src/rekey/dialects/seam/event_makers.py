"""How rows of the journal become events, by kind of row. Each maker gives the drafts of one row."""

from collections.abc import AsyncIterator, Callable

from rekey.dialects.seam.doors import SPACE_ORIGIN
from rekey.dialects.seam.event_scene import Draft, Scene, account_of
from rekey.dialects.seam.translate import KEYPAD, action_of
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import DoorOrder, OrderKind
from rekey.domain.estate import Door
from rekey.domain.journal import Outcome

Maker = Callable[[Scene], AsyncIterator[Draft]]

# What the reader of a refused attempt is told; the catalogue has no word for "no access".
REASONS: dict[DenyReason, str] = {
    DenyReason.CREDENTIAL_UNKNOWN: "unknown_code",
    DenyReason.CREDENTIAL_ENDED: "blocklisted_code",
    DenyReason.CREDENTIAL_EXPIRED: "expired_code",
    DenyReason.BLOCKED: "blocklisted_code",
    DenyReason.LOCKED_DOWN: "blocked_by_privacy_mode",
}


async def unlocked(scene: Scene) -> AsyncIterator[Draft]:
    """A door opened, or was set to free passage."""
    async for draft in _moved(scene, "lock.unlocked", OrderKind.OPEN):
        yield draft


async def locked(scene: Scene) -> AsyncIterator[Draft]:
    """A door was secured."""
    async for draft in _moved(scene, "lock.locked", OrderKind.SECURE):
        yield draft


async def _moved(scene: Scene, type_: str, kind: OrderKind) -> AsyncIterator[Draft]:
    door = await scene.door()
    if door is None:
        return
    attempt, order = scene.text("order"), await scene.order()
    via = "" if order is None else order.via
    method = "keycode" if via == KEYPAD else "remote"
    fields: dict[str, object] = {**await scene.passage(door), "method": method}
    if attempt is not None:
        fields["action_attempt_id"] = attempt
    if order is not None and order.credential_id is not None:
        fields |= await _code(scene, order.credential_id)
    yield Draft(type_, fields)
    if attempt is not None:
        yield _attempt(
            attempt, action_of(kind, via), door, account_of(door, scene.workspace_id), succeeded=True
        )


async def _code(scene: Scene, credential_id: str) -> dict[str, object]:
    """Name the code of a door that was used."""
    code = await scene.view.door_codes.get(credential_id)
    return {} if code is None else {"access_code_id": code.id, "access_code_is_managed": not code.foreign}


async def failed(scene: Scene) -> AsyncIterator[Draft]:
    """An order to a door ended without its door's word."""
    order, door = await scene.order(), await scene.door()
    if order is not None and door is not None:
        yield _failed_order(scene, order, door)


async def expired(scene: Scene) -> AsyncIterator[Draft]:
    """Several orders came too late."""
    for order_id in scene.texts("orders"):
        order = await scene.view.orders.get(order_id)
        door = None if order is None else await scene.door(order.door_id)
        if order is not None and door is not None:
            yield _failed_order(scene, order, door)


def _failed_order(scene: Scene, order: DoorOrder, door: Door) -> Draft:
    account = account_of(door, scene.workspace_id)
    return _attempt(order.id, action_of(order.kind, order.via), door, account, succeeded=False)


def _attempt(attempt_id: str, action: str, door: Door, account_id: str, *, succeeded: bool) -> Draft:
    fields = {
        "action_attempt_id": attempt_id,
        "action_type": action,
        "status": "success" if succeeded else "error",
        "device_id": door.id,
        "connected_account_id": account_id,
    }
    return Draft(f"action_attempt.{action.lower()}.{'succeeded' if succeeded else 'failed'}", fields)


async def asked_to_open(scene: Scene) -> AsyncIterator[Draft]:
    """Only a denial is told here: what was granted is told once the door has answered."""
    door = await scene.door()
    if door is None or scene.row.outcome is not Outcome.DENIED:
        return
    reason = DenyReason(str(scene.row.detail["reason"]))
    told = {
        "reason_code": REASONS.get(reason, "credential_error"),
        "message": f"Access was denied: {reason.value.replace('_', ' ')}.",
    }
    yield Draft("lock.access_denied", {**await scene.passage(door), "reason": told})
    account = account_of(door, scene.workspace_id)
    yield _attempt(scene.row.id, action_of(OrderKind.OPEN, scene.row.via), door, account, succeeded=False)


async def door_added(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in door_events(scene, None, "device.added", "acs_entrance.added"):
        yield draft


async def door_retired(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in door_events(scene, None, "device.deleted", "acs_entrance.removed"):
        yield draft


async def door_events(
    scene: Scene, door_id: str | None, of_device: str, of_entrance: str
) -> AsyncIterator[Draft]:
    """Tell of a door in both its forms; by default of the row's own door."""
    door = await scene.door(door_id)
    if door is None:
        return
    named = {"device_name": door.name} if of_device == "device.deleted" else {}
    yield Draft(of_device, {**await scene.device(door), **named})
    yield Draft(of_entrance, _entrance(door, scene))


async def door_edited(scene: Scene) -> AsyncIterator[Draft]:
    door, before = await scene.door(), await scene.door_before()
    if door is not None and before is not None and door.name != before.name:
        yield Draft("device.name_changed", {**await scene.device(door), "device_name": door.name})


def _entrance(door: Door, scene: Scene) -> dict[str, object]:
    return {
        "acs_entrance_id": door.id,
        "acs_system_id": door.site_id,
        "connected_account_id": account_of(door, scene.workspace_id),
    }


async def site_added(scene: Scene) -> AsyncIterator[Draft]:
    """A system is here and connected from its first moment on."""
    for type_ in ("acs_system.added", "acs_system.connected"):
        yield Draft(type_, {"acs_system_id": scene.row.site_id, "connected_account_id": scene.workspace_id})


async def person_enrolled(scene: Scene) -> AsyncIterator[Draft]:
    for enrolment_id in (*scene.texts("enrolments"), *filter(None, [scene.text("enrolment")])):
        yield await of_user(scene, "acs_user.created", enrolment_id)


async def enrolment_ended(scene: Scene) -> AsyncIterator[Draft]:
    enrolment_id = scene.text("enrolment")
    if enrolment_id is not None:
        yield await of_user(scene, "acs_user.deleted", enrolment_id)


async def of_user(scene: Scene, type_: str, enrolment_id: str) -> Draft:
    """Give the event of one user, as its enrolment was at the row."""
    enrolment = await scene.view.history.enrolment(enrolment_id, scene.row.position)
    site_id = scene.row.site_id if enrolment is None else enrolment.site_id
    about = {} if enrolment is None else {"user_identity_id": enrolment.person_id}
    fields = {
        "acs_user_id": enrolment_id,
        "acs_system_id": site_id or scene.workspace_id,
        "connected_account_id": scene.workspace_id,
    }
    return Draft(type_, fields, about)


async def group_ended(scene: Scene) -> AsyncIterator[Draft]:
    """A space is told as one; another group of the whole organization at the system where it was shown."""
    group_id = scene.text("door_group") or ""
    group = await scene.view.history.door_group(group_id, scene.row.position)
    if group is not None and group.origin == SPACE_ORIGIN:
        about = {"customer_key": group.customer_key}
        yield Draft("space.deleted", {"space_id": group_id, "device_ids": [], "acs_entrance_ids": []}, about)
        return
    async for system_id in scene.systems(scene.row.site_id):
        yield Draft(
            "acs_access_group.deleted",
            {
                "acs_access_group_id": scene.text("door_group") or "",
                "acs_system_id": system_id,
                "connected_account_id": scene.workspace_id,
            },
        )
