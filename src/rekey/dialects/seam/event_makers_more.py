"""Events of what stands around doors: accounts that bring them, spaces that hold them, sessions that see them."""

from collections.abc import AsyncIterator

from rekey.dialects.seam.doors import SPACE_ORIGIN
from rekey.dialects.seam.event_makers import Maker, door_events
from rekey.dialects.seam.event_makers_devices import device_word
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.dialects.seam.translate import instant
from rekey.domain.estate import Door


async def account_connected(scene: Scene) -> AsyncIterator[Draft]:
    """Somebody signed in on a connect page: the page, the account and its doors, in the contract's order."""
    account, page = scene.text("upstream") or "", scene.text("page")
    again = scene.row.detail.get("again") is True
    who = _account(scene, account)
    with_page = who if page is None else {**who, "connect_webview_id": page}
    if page is not None:
        yield Draft("connect_webview.login_succeeded", with_page)
    if not again and page is not None:
        yield Draft("connected_account.created", with_page)
    if page is not None:
        yield Draft("connected_account.successful_login", with_page)
    yield Draft("connected_account.connected", with_page)
    for door_id in scene.texts("doors"):
        async for draft in door_events(scene, door_id, "device.added", "acs_entrance.added"):
            yield draft
    for door, marks in await _doors(scene, "back"):
        yield Draft(f"{device_word(marks)}.connected", await scene.device(door))
    synced = "completed_first_sync_after_reconnection" if again else "completed_first_sync"
    yield Draft(f"connected_account.{synced}", {"connected_account_id": account})


async def account_disconnected(scene: Scene) -> AsyncIterator[Draft]:
    account = scene.text("upstream") or ""
    error = {
        "error_code": "account_disconnected",
        "message": "The account is disconnected.",
        "created_at": instant(scene.row.at),
        "is_connected_account_error": True,
    }
    fields: dict[str, object] = {"connected_account_errors": [error], "connected_account_warnings": []}
    yield Draft("connected_account.disconnected", {**_account(scene, account), **fields})
    more = {**fields, "device_errors": [], "device_warnings": [], "error_code": "account_disconnected"}
    for door, marks in await _doors(scene, "lost"):
        yield Draft(f"{device_word(marks)}.disconnected", {**await scene.device(door), **more})


async def _doors(scene: Scene, name: str) -> list[tuple[Door, tuple[str, ...]]]:
    """Give the doors that the row names with their marks, as they were then."""
    found = []
    for line in scene.lines(name):
        door, marks = await scene.door(str(line.get("door"))), line.get("marks")
        if door is not None:
            found.append((door, tuple(map(str, marks)) if isinstance(marks, list) else ()))
    return found


async def account_ended(scene: Scene) -> AsyncIterator[Draft]:
    for door_id in scene.texts("doors"):
        async for draft in door_events(scene, door_id, "device.deleted", "acs_entrance.removed"):
            yield draft
    yield Draft("connected_account.deleted", _account(scene, scene.text("upstream") or ""))


def _account(scene: Scene, account_id: str) -> dict[str, object]:
    fields: dict[str, object] = {"connected_account_id": account_id}
    customer = scene.text("customer")
    return fields if customer is None else {**fields, "customer_key": customer}


async def login_failed(scene: Scene) -> AsyncIterator[Draft]:
    yield Draft("connect_webview.login_failed", {"connect_webview_id": scene.text("page") or ""})


async def session_ended(scene: Scene) -> AsyncIterator[Draft]:
    session = scene.text("client_session")
    if session is not None:
        yield Draft("client_session.deleted", {"client_session_id": session})


async def site_retired(scene: Scene) -> AsyncIterator[Draft]:
    """A system goes with its entrances."""
    for door_id in scene.texts("doors"):
        async for draft in door_events(scene, door_id, "device.deleted", "acs_entrance.removed"):
            yield draft


def space(type_: str) -> Maker:
    """Make the event of a space with the doors that it holds after the act; other groups have none."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        group_id = scene.text("door_group")
        if group_id is None:
            return
        group = await scene.view.history.door_group(group_id, scene.row.position)
        if group is None or group.origin != SPACE_ORIGIN:
            return
        doors = [*scene.texts("doors")]
        fields: dict[str, object] = {
            "space_id": group.id,
            "device_ids": doors,
            "acs_entrance_ids": doors,
        }
        if group.external_key is not None:
            fields["space_key"] = group.external_key
        yield Draft(type_, fields, {"customer_key": group.customer_key})

    return make
