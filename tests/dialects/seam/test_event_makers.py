"""Rows about grants and codes become the catalogue's events, each with all that the contract requires."""

from typing import Any
from uuid import uuid4

from rekey.dialects.seam.event_feed import events_of
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow, Outcome
from rekey.ports.store import View
from tests.dialects.in_world import Api
from tests.dialects.seam.api import seam_test


async def told(api: Api, action: str, **detail: Any) -> list[dict[str, Any]]:
    """Give the events of a row as the newest of the journal would become them."""
    core = api.world.core

    async def look(view: View) -> list[dict[str, Any]]:
        row = JournalRow(
            position=Position(view.position),
            id=str(uuid4()),
            at=core.clock.now(),
            action=action,
            outcome=Outcome.DONE,
            via="test",
            detail=detail,
        )
        return [dict(event.shape) for event in await events_of(view, row, core.secrets.unseal)]

    return await core.store.read(api.world.organization_id, look)


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["event_type"] for event in events]


@seam_test
async def test_a_grant_is_told_with_its_doors_and_methods(api: Api) -> None:
    door = await api.world.add_door("front")
    code = {"code": "c", "door": door, "medium": "m", "what": "added"}
    medium = {"medium": "m", "kind": "code", "codes": [code], "issued": False}
    events = await told(
        api, "bundle.given", bundle="b", external_key="k", all_doors=[door], media=[medium], missing=["x"]
    )
    assert types(events) == [
        "access_grant.created",
        "access_method.created",
        "access_code.created",
        "access_grant.could_not_create_requested_access_methods",
    ]
    assert {event["access_grant_id"] for event in events if "access_grant_id" in event} == {"b"}
    assert (events[1]["access_grant_ids"], events[1]["access_grant_keys"]) == (["b"], ["k"])
    assert (events[2]["access_code_id"], events[2]["device_id"]) == ("c", door)
    assert events[3]["missing_device_ids"] == ["x"]


@seam_test
async def test_a_change_of_a_grant_tells_the_window_and_the_doors(api: Api) -> None:
    events = await told(
        api,
        "bundle.edited",
        bundle="b",
        moved=True,
        start="2026-01-01T00:00:00+00:00",
        end=None,
        joined=["d"],
        left=["e"],
    )
    assert types(events) == [
        "access_grant.access_times_changed",
        "access_grant.access_to_door_lost",
        "access_grant.access_granted_to_door",
    ]
    assert events[0]["starts_at"] == "2026-01-01T00:00:00.000Z"
    assert [event["acs_entrance_id"] for event in events[1:]] == ["e", "d"]


@seam_test
async def test_the_end_of_a_grant_ends_its_methods_first(api: Api) -> None:
    medium = {"medium": "m", "kind": "card", "codes": [], "issued": True}
    events = await told(api, "bundle.ended", bundle="b", media=[medium])
    assert types(events) == ["access_method.deleted", "access_grant.deleted"]


@seam_test
async def test_what_a_door_proves_of_its_codes_is_told(api: Api) -> None:
    door = await api.world.add_door("front")
    noted = ["scheduled", "set", "removed", "gone", "late_setting", "failed_removing", "erased_at_door"]
    codes = [{"code": "c", "door": door, "medium": None, "what": what} for what in noted]
    found = [{"code": "f", "door": door, "medium": None, "name": ""}]
    events = await told(api, "codes.noted", codes=codes, found=found, lost=[], issued=[])
    assert types(events) == [
        "access_code.unmanaged.created",
        "access_code.scheduled_on_device",
        "access_code.set_on_device",
        "access_code.removed_from_device",
        "access_code.deleted",
        "access_code.delay_in_setting_on_device",
        "access_code.failed_to_remove_from_device",
        "access_code.deleted_external_to_seam",
    ]
    assert all("code" in events[place] for place in (1, 2, 4))
    for late in events[5:7]:
        for subject in ("access_code", "device", "connected_account"):
            assert {f"{subject}_errors", f"{subject}_warnings"} <= late.keys()
    assert events[6]["access_code_errors"][0]["error_code"] == "failed_to_remove_from_device"


@seam_test
async def test_each_property_of_a_code_that_changed_has_its_event(api: Api) -> None:
    door = await api.world.add_door("front")
    line = {
        "code": "c",
        "door": door,
        "name": "New",
        "old_name": "Old",
        "start": None,
        "end": "2026-02-01T00:00:00+00:00",
        "old_window": {"start": None, "end": "2026-01-01T00:00:00+00:00"},
        "new_digits": True,
        "at_once": True,
    }
    events = await told(api, "code.edited", codes=[line])
    assert types(events) == [
        "access_code.mutations_requested",
        "access_code.code_changed",
        "access_code.changed",
        "access_code.name_changed",
        "access_code.changed",
        "access_code.time_frame_changed",
        "access_code.changed",
    ]
    wished = [one["mutation_code"] for one in events[0]["requested_mutations"]]
    assert wished == ["updating_code", "updating_name", "updating_time_frame"]
    assert (events[1]["from"], events[1]["to"]) == ({"code": None}, {"code": None})
    assert (events[3]["from"], events[3]["to"]) == ({"name": "Old"}, {"name": "New"})
    assert events[5]["to"] == {"starts_at": None, "ends_at": "2026-02-01T00:00:00.000Z"}


@seam_test
async def test_a_change_that_its_device_has_to_follow_is_told_once_it_has(api: Api) -> None:
    door = await api.world.add_door("front")
    line = {"code": "c", "door": door, "name": "New", "old_name": "Old", "at_once": False}
    assert types(await told(api, "code.edited", codes=[line])) == ["access_code.mutations_requested"]
    events = await told(api, "codes.noted", codes=[{**line, "what": "changed"}])
    assert types(events) == ["access_code.name_changed", "access_code.changed"]
    assert events[1]["changed_properties"] == [{"property": "name", "from": "Old", "to": "New"}]


@seam_test
async def test_a_door_that_locks_by_itself_is_told_with_its_own_time(api: Api) -> None:
    door = await api.world.add_door("front")
    core = api.world.core

    async def look(view: View) -> list[dict[str, Any]]:
        row = JournalRow(
            position=Position(view.position),
            id=str(uuid4()),
            at=core.clock.now(),
            action="door.relocked",
            outcome=Outcome.DONE,
            via="server",
            door_id=door,
            detail={"at": "2026-01-01T00:00:05+00:00"},
        )
        return [dict(event.shape) for event in await events_of(view, row, core.secrets.unseal)]

    (event,) = await core.store.read(api.world.organization_id, look)
    assert (event["event_type"], event["method"]) == ("lock.locked", "automatic")
    assert event["occurred_at"] == "2026-01-01T00:00:05.000Z"


@seam_test
async def test_an_account_is_told_from_sign_in_to_first_sync(api: Api) -> None:
    door = await api.world.add_door("front")
    events = await told(api, "upstream.connected", upstream="u", page="p", again=False, doors=[door])
    assert types(events) == [
        "connect_webview.login_succeeded",
        "connected_account.created",
        "connected_account.successful_login",
        "connected_account.connected",
        "device.added",
        "acs_entrance.added",
        "connected_account.completed_first_sync",
    ]
    again = await told(api, "upstream.connected", upstream="u", page="p", again=True, doors=[])
    assert types(again)[-1] == "connected_account.completed_first_sync_after_reconnection"


@seam_test
async def test_an_act_that_did_several_things_becomes_all_their_events(api: Api) -> None:
    door = await api.world.add_door("front")
    further: Any = [
        {"action": "door.retired", "person": None, "door": door, "site": None, "detail": {}},
        {"action": "team.added", "person": None, "door": None, "site": None, "detail": {}},
    ]
    events = await told(api, "client_session.ended", client_session="s", also=further)
    assert types(events) == ["client_session.deleted", "device.deleted", "acs_entrance.removed"]
    assert len({event["event_id"] for event in events}) == 3
