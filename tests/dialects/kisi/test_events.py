"""Event sets: who did what where, as it was called then, and which right let them in."""

from typing import Any

from rekey.dialects.kisi.intervals import read_interval
from rekey.operations.open_door import OpenDoor, open_door
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for
from tests.dialects.kisi.test_cards import add_card, give_card
from tests.dialects.scim.api import add_group as add_directory_group
from tests.dialects.scim.api import add_user as add_directory_user
from tests.dialects.scim.api import directory_of, patch

KEYS = {
    "uuid",
    "type",
    "actor_type",
    "actor_id",
    "actor_name",
    "actor_email",
    "authenticated_by_type",
    "authenticated_by_id",
    "authorized_by_type",
    "authorized_by_id",
    "authorized_by_role_id",
    "object_type",
    "object_id",
    "object_name",
    "object",
    "action",
    "created_at",
    "message",
    "success",
    "code",
    "sequence",
    "organization_id",
    "place_id",
    "error_code",
    "error_message",
    "details",
    "via",
}


async def ask(api: Api, **filters: Any) -> Any:
    return await api.done("POST", "/event_sets", {"event_set": filters})


async def events(api: Api, **filters: Any) -> list[dict[str, Any]]:
    """Give all events of a set, page by page, the newest first."""
    made = await ask(api, **filters)
    found, cursor = [*made["events"]], made["cursor"]
    while cursor is not None:
        page = await api.done("GET", f"/event_sets/{made['id']}?limit=50&cursor={cursor}")
        found, cursor = [*found, *page["events"]], page["cursor"]
    return found


async def entry(api: Api) -> tuple[Any, Any, Any, Any]:
    """Let a user through a door: give the user, the lock, the assignment and the user's own login."""
    user, lock = await add_user(api, "ada"), await add_lock(api, "Front")
    assignment = await assign(api, user, await add_group(api, "Labs", lock))
    login = await sign_in_for(api, user)
    await login.done("POST", f"/locks/{lock['id']}/unlock")
    return user, lock, assignment, login


@kisi_test
async def test_an_unlock_names_who_with_what_and_by_which_right(api: Api) -> None:
    user, lock, assignment, _login = await entry(api)
    (event,) = await events(api, event_type="lock.unlock")
    assert event.keys() == KEYS
    assert (event["actor_type"], event["actor_id"], event["actor_name"]) == ("User", user["id"], "ada")
    assert (event["object_type"], event["object_id"], event["object_name"]) == ("Lock", lock["id"], "Front")
    assert (event["authorized_by_type"], event["authorized_by_id"]) == ("RoleAssignment", assignment["id"])
    assert (event["authorized_by_role_id"], event["authenticated_by_type"]) == ("group_basic", "Login")
    assert (event["success"], event["error_code"]) == (True, None)
    assert event["place_id"] == lock["place_id"]


@kisi_test
async def test_a_denied_unlock_is_an_event_with_its_code(api: Api) -> None:
    user, lock, assignment, login = await entry(api)
    await api.done("DELETE", f"/role_assignments/{assignment['id']}")
    assert (await login.call("POST", f"/locks/{lock['id']}/unlock")).status == 403
    (event,) = await events(api, event_type="lock.unlock", event_success=False)
    assert (event["actor_id"], event["success"], event["error_code"]) == (user["id"], False, "fcd8ef")
    assert event["code"] == event["error_code"]


@kisi_test
async def test_names_are_those_of_the_moment_also_after_the_user_is_gone(api: Api) -> None:
    user, lock, _assignment, _login = await entry(api)
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"name": "Ada Lovelace"}})
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": {"name": "Main"}})
    await api.done("DELETE", f"/users/{user['id']}")
    (event,) = await events(api, event_type="lock.unlock")
    assert (event["actor_name"], event["actor_email"], event["object_name"]) == (
        "ada",
        "ada@acme.test",
        "Front",
    )
    destroyed = (await events(api, event_type="user.destroy"))[0]
    assert (destroyed["object_name"], destroyed["actor_id"] is None) == ("Ada Lovelace", False)


@kisi_test
async def test_an_edit_tells_old_and_new(api: Api) -> None:
    lock = await add_lock(api, "Front")
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": {"name": "Main"}})
    event = (await events(api, event_type="lock.update"))[0]
    assert event["details"] == {"changes": {"name": ["Front", "Main"]}}


@kisi_test
async def test_removing_a_user_tells_of_each_right_that_ended(api: Api) -> None:
    user, _lock, assignment, _login = await entry(api)
    await api.done("DELETE", f"/users/{user['id']}")
    (ended,) = await events(api, event_type="role_assignment.destroy")
    assert (ended["object_id"], ended["object_name"]) == (assignment["id"], "ada")


@kisi_test
async def test_filters_are_joined_by_and(api: Api) -> None:
    user, lock, _assignment, _login = await entry(api)
    other = await add_lock(api, "Back")
    of_lock = {"event_object_type": "Lock", "event_object_id": lock["id"]}
    assert [event["type"] for event in await events(api, **of_lock)] == ["lock.unlock", "lock.create"]
    by_user = {"event_actor_type": "User", "event_actor_id": user["id"]}
    assert [event["type"] for event in await events(api, **by_user, **of_lock)] == ["lock.unlock"]
    assert await events(api, event_type="lock.unlock", event_object_id=other["id"]) == []
    assert len(await events(api, event_type="lock.create,lock.unlock")) == 3
    found = (await events(api, event_type="lock.unlock"))[0]
    assert await events(api, event_uuid=found["uuid"]) == [found]
    assert await events(api, event_sequence=str(found["sequence"])) == [found]
    assert await events(api, event_uuid="nothing") == []
    assert len(await events(api, place_id=lock["place_id"], event_type="lock.unlock")) == 1


@kisi_test
async def test_a_set_is_read_page_by_page_and_does_not_grow(api: Api) -> None:
    door = await api.world.add_door("front")
    person = await api.world.add_person("Ada")
    for _ in range(120):
        await api.world.perform(open_door, OpenDoor(door_id=door, person_id=person))
    made = await ask(api, event_type="lock.unlock")
    assert (made["status"], len(made["events"])) == ("finished", 50)
    await api.world.perform(open_door, OpenDoor(door_id=door, person_id=person))
    uuids = [event["uuid"] for event in made["events"]]
    cursor = made["cursor"]
    while cursor is not None:
        page = await api.done("GET", f"/event_sets/{made['id']}?limit=7&cursor={cursor}")
        uuids, cursor = [*uuids, *(event["uuid"] for event in page["events"])], page["cursor"]
    assert len(uuids) == len(set(uuids)) == 120
    again = await api.done("GET", f"/event_sets/{made['id']}")
    assert [event["uuid"] for event in again["events"]] == uuids[:50]


@kisi_test
async def test_asking_leaves_no_row(api: Api) -> None:
    await entry(api)
    before = await api.world.journal_size()
    await events(api)
    assert await api.world.journal_size() == before


@kisi_test
async def test_a_question_that_makes_no_sense_is_refused(api: Api) -> None:
    for wanted, attribute in (
        ({"interval": "P1D"}, "interval"),
        ({"interval": "P1D/P2D"}, "interval"),
        ({"interval": "2026-01-02/2026-01-01"}, "interval"),
        ({"interval": "2026-01-01/2026-05-01"}, "interval"),
        ({"event_type": "lock.explode"}, "event_type"),
        ({"place_id": 1, "event_place_id": 1}, "place_id"),
        ({"event_object_id": "x"}, "event_object_id"),
    ):
        answer = await api.call("POST", "/event_sets", {"event_set": wanted})
        assert (answer.status, [*answer.json()["errors"]]) == (422, [attribute]), wanted
    assert (await api.call("GET", "/event_sets/999999")).status == 404
    made = await ask(api)
    assert (await api.call("GET", f"/event_sets/{made['id']}?cursor=nonsense")).status == 400


@kisi_test
async def test_types_are_listed_and_grouped_by_object(api: Api) -> None:
    types = await api.done("GET", "/events/types")
    meta = await api.done("GET", "/events/meta")
    assert {"lock.unlock", "user.destroy", "integration.warn_due_to_error"} <= {*types}
    assert types == [f"{name}.{action}" for name, actions in meta.items() for action in actions]


def test_intervals_are_read_in_every_form() -> None:
    for text in (
        "2026-01-31T00:00:00Z/2026-02-28T00:00:00Z",
        "2026-01-31T00:00:00Z/P28D",
        "2026-01-31/P4W",
        "2026-01-31T00:00:00/P1M",
        "P28D/2026-02-28T01:00:00+01:00",
    ):
        start, end = read_interval(text)
        assert (start.isoformat(), end.isoformat()) == (
            "2026-01-31T00:00:00+00:00",
            "2026-02-28T00:00:00+00:00",
        ), text


@kisi_test
async def test_removing_a_user_tells_of_the_team_the_card_and_the_login_that_went_along(api: Api) -> None:
    user, _lock, _assignment, _login = await entry(api)
    team = await api.done("POST", "/teams", {"team": {"name": "Crew"}})
    membership = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
    held = await api.done("POST", "/team_memberships", {"team_membership": membership})
    card = await add_card(api)
    await give_card(api, card, user)
    await api.done("DELETE", f"/users/{user['id']}")
    (left,) = await events(api, event_type="team_membership.destroy")
    assert (left["object_name"], left["details"]["team"]["id"]) == ("ada", team["id"])
    assert left["object_id"] == held["id"]
    (freed,) = await events(api, event_type="card.deassign")
    assert freed["object_id"] == card["id"]
    (signed_out,) = await events(api, event_type="login.destroy")
    (destroyed,) = await events(api, event_type="user.destroy")
    assert signed_out["sequence"] == destroyed["sequence"] == left["sequence"]


@kisi_test
async def test_places_in_teams_and_groups_are_told_by_their_own_ids_from_first_to_last(api: Api) -> None:
    user, lock, group = (
        await add_user(api, "ada"),
        await add_lock(api, "front"),
        await add_group(api, "staff"),
    )
    team = await api.done("POST", "/teams", {"team": {"name": "Crew"}})
    wanted = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
    held = await api.done("POST", "/team_memberships", {"team_membership": wanted})
    placed = await api.done(
        "POST", "/group_locks", {"group_lock": {"group_id": group["id"], "lock_id": lock["id"]}}
    )
    await api.done("DELETE", f"/team_memberships/{held['id']}")
    await api.done("DELETE", f"/group_locks/{placed['id']}")
    for kind, made in (("team_membership", held), ("group_lock", placed)):
        told = await events(api, event_type=f"{kind}.create,{kind}.destroy")
        assert [event["object_id"] for event in told] == [made["id"]] * 2


@kisi_test
async def test_a_pushed_group_tells_of_each_member_who_joined_or_left(api: Api) -> None:
    directory = directory_of(api.world)
    people = [await add_directory_user(directory, name) for name in ("ada", "bob")]
    group = await add_directory_group(directory, "Crew", *people)
    joined = await events(api, event_type="team_membership.create")
    assert {event["object_name"] for event in joined} == {"ada@acme.test", "bob@acme.test"}
    going = {"op": "Remove", "path": "members", "value": [{"value": people[0]["id"]}]}
    for _ in range(2):
        await patch(directory, group, going)
    (left,) = await events(api, event_type="team_membership.destroy")
    assert left["object_name"] == "ada@acme.test"
    assert await events(api, event_type="team.update") == []
    await patch(directory, group, {"op": "replace", "path": "displayName", "value": "Staff"})
    assert len(await events(api, event_type="team.update")) == 1


@kisi_test
async def test_who_signs_up_with_the_mailed_token_is_told_as_a_password_made(api: Api) -> None:
    await api.done("POST", "/users", {"user": {"email": "ada@acme.test", "name": "Ada"}})
    mailbox = await api.world.deliver()
    token = f"acme.{mailbox.code('ada@acme.test')}"
    wanted = {"name": "Ada", "password": "a long enough one", "terms_and_conditions": True}
    await api.done("POST", "/users/sign_up", {"user": wanted, "token": token})
    (made,) = await events(api, event_type="user.create_password")
    assert (made["object_type"], made["object_name"]) == ("User", "Ada")
