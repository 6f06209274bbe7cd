"""What each role may do and what not, by every writing route; the permission keys of `/roles` are the table.

Source: contract section 4.1.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from rekey.dialects.kisi.roles import KISI_ROLES, NOT_ASSIGNABLE, KisiRole, permissions_of
from rekey.domain.scope import ScopeKind
from tests.attacks.estate import Ids, acme_of, fill
from tests.attacks.state import state_of
from tests.attacks.targets import Sample, Target, samples, targets_of
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_owner, assign, kisi_test, sign_in_for
from tests.support.world import World, open_world

ROLES = [role for role in KISI_ROLES if role.id not in NOT_ASSIGNABLE]
ANYBODY = ("favorite", "unfavorite", "promote")
# The permission key of each resource whose name is not that of its path.
KEY = {
    "members": "users",
    "signed_upload_urls": "csv_user_import",
    "csv_user_imports": "csv_user_import",
    "csv_card_imports": "csv_card_import",
    "scheduled_reports": "scheduled_report",
}
# What another routine of the API answers, or no role but the organization's own decides.
NOT_BY_ROLE = {"login", "user", "organization", "organizations", "event_sets", "calendar", "uploads"}
# Places are made and ended by those who run the whole organization.
WHOLE_ONLY = {"POST /places", "DELETE /places/{id}"}
CONTROL = ("lock_down", "cancel_lockdown")
ARRIVALS = ("first_to_arrive", "last_to_leave", "unlock")
ORDER = {"POST": 0, "PATCH": 1, "DELETE": 2}


def key_of(target: Target) -> str | None:
    """Name the permission key that a route needs; None where it is not a role's matter."""
    words = target.route.path.strip("/").split("/")
    if target.is_public or words[0] in NOT_BY_ROLE or words[-1] in {*ANYBODY, *CONTROL} or "user" in words:
        return None
    if words[-1] in ARRIVALS:
        return "locks_unlock"
    if words[0] in {"cards", "card_assignments"} and words[-1] in {"activate", "deactivate"}:
        return "cards_activate"
    if words[-1] == "download":
        return f"{words[0]}_read"
    if words[0] == "logins" and target.method == "DELETE":
        return None
    return f"{KEY.get(words[0], words[0])}_write"


def writes(world: World) -> list[tuple[Target, str]]:
    """Give every writing route with its key, in an order in which nothing is ended before it was used."""
    found = [
        (target, key)
        for target in targets_of(world, "kisi")
        if target.method in ORDER and not target.reads and (key := key_of(target)) is not None
    ]
    return sorted(found, key=lambda one: (ORDER[one[0].method], "deassign" in one[0].route.path))


async def stage(world: World, role: KisiRole) -> tuple[Ids, Api, Api]:
    """Fill the organization, and sign in somebody who holds the role; where that is has one of everything."""
    ids = await fill(acme_of(world))
    owner = as_owner(world)
    rita = await add_user(owner, "rita")
    organization = await owner.done("GET", "/organization")
    where = {
        ScopeKind.DOOR_GROUP: ("Group", ids["door_group"].number),
        ScopeKind.SITE: ("Place", ids["site"].number),
        ScopeKind.ORGANIZATION: ("Organization", organization["id"]),
    }[role.scope_kind]
    wanted = {
        "assignee_type": "User",
        "assignee_id": rita["id"],
        "applies_to_type": where[0],
        "applies_to_id": where[1],
        "role_id": role.id,
    }
    await owner.done("POST", "/role_assignments", {"role_assignment": wanted})
    return ids, owner, await sign_in_for(owner, rita)


def known_people(target: Target, sample: Sample, known: str) -> Sample:
    """Name somebody who is there already, so that the route adds nobody on the way."""
    body: dict[str, Any] = dict(sample.body or {})
    if target.route.path == "/invites":
        body["invite"] = {**body["invite"], "invitee": {"resource_type": "User", "email": known}}
    if target.route.path == "/shares" and target.method == "POST":
        body["share"] = {**body["share"], "email": known}
    return Sample(path=sample.path, body=body if sample.body is not None else None)


async def tried(world: World, role: KisiRole) -> None:
    ids, owner, rita = await stage(world, role)
    known = (await add_user(owner, "known"))["email"]
    held = permissions_of(role.role, role.scope_kind)
    within = role.scope_kind is not ScopeKind.ORGANIZATION
    may = {
        target.name: held[key] and not (within and f"{target.method} {target.route.path}" in WHOLE_ONLY)
        for target, key in writes(world)
    }
    # What is refused comes first: what is allowed may end things on which others are tried.
    for target, key in sorted(writes(world), key=lambda one: may[one[0].name]):
        allowed = may[target.name]
        before = state_of(world)
        for sample in usable(samples(target, ids), target, known):
            answer = await rita.call(target.method, sample.path, sample.body)
            said = (role.id, target.name, key, answer.status, answer.body)
            assert answer.status < 500, said
            if allowed:
                assert answer.status not in {401, 403} or b"fcd8ef" not in answer.body, said
            else:
                assert answer.status == 403, said
                assert state_of(world) == before, said


def usable(found: Iterable[Sample], target: Target, known: str) -> list[Sample]:
    return [known_people(target, sample, known) for sample in found]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.id)
def test_a_role_may_write_what_its_keys_say_and_nothing_else(tmp_path: Path, role: KisiRole) -> None:
    async def run() -> None:
        async with open_world(tmp_path) as world:
            await tried(world, role)

    asyncio.run(run())


async def in_role(api: Api, role_id: str, **where: Any) -> tuple[Any, Api]:
    """Make a user with a role there, signed in."""
    user = await add_user(api, f"{role_id}-{len(await api.done('GET', '/users?limit=100'))}")
    wanted = {"user_id": user["id"], "role_id": role_id, **where}
    await api.done("POST", "/role_assignments", {"role_assignment": wanted})
    return user, await sign_in_for(api, user)


async def two_places(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make two places, each with a lock in a group of its own."""
    places = []
    for name in ("north", "south"):
        body = {"place": {"name": name, "address": "Main 1", "time_zone": "UTC"}}
        place = await api.done("POST", "/places", body)
        lock = await api.done("POST", "/locks", {"lock": {"name": name, "place_id": place["id"]}})
        wanted = {"name": name, "place_id": place["id"], "locks_to_assign": [lock["id"]]}
        group = await api.done("POST", "/groups", {"group": wanted})
        places.append({"place": place, "lock": lock, "group": group})
    return places[0], places[1]


@kisi_test
async def test_staff_of_a_place_see_that_place_and_no_other(api: Api) -> None:
    north, south = await two_places(api)
    for name in ("place_observer", "place_access_manager", "place_admin"):
        _user, staff = await in_role(api, name, place_id=north["place"]["id"])
        for path, thing in (("/places", "place"), ("/locks", "lock"), ("/groups", "group")):
            seen = {one["id"] for one in await staff.done("GET", path)}
            assert seen == {north[thing]["id"]}, (name, path)
            assert (await staff.call("GET", f"{path}/{north[thing]['id']}")).status == 200
            assert (await staff.call("GET", f"{path}/{south[thing]['id']}")).status in {403, 404}
        own, other = north["group"]["id"], south["group"]["id"]
        assert len(await staff.done("GET", f"/group_locks?group_id={own}")) == 1
        assert (await staff.call("GET", f"/group_locks?group_id={other}")).status == 403
        rights = await staff.done("GET", "/role_assignments")
        assert {right["applies_to_id"] for right in rights} == {north["place"]["id"]}


@kisi_test
async def test_staff_of_a_place_see_the_users_who_have_access_there(api: Api) -> None:
    north, south = await two_places(api)
    inside, outside = await add_user(api, "inside"), await add_user(api, "outside")
    await assign(api, inside, north["group"])
    await assign(api, outside, south["group"])
    user, staff = await in_role(api, "place_access_manager", place_id=north["place"]["id"])
    seen = {one["id"] for one in await staff.done("GET", "/users")}
    assert seen == {inside["id"], user["id"]}
    assert (await staff.call("GET", f"/users/{outside['id']}")).status == 403
    for method, body in (("PATCH", {"user": {"name": "x"}}), ("DELETE", None)):
        assert (await staff.call(method, f"/users/{inside['id']}", body)).status == 403


@kisi_test
async def test_a_group_manager_sees_and_shares_that_group_alone(api: Api) -> None:
    north, south = await two_places(api)
    ada = await add_user(api, "ada")
    await assign(api, ada, south["group"])
    _user, manager = await in_role(api, "group_manager", group_id=north["group"]["id"])
    given = await assign(manager, ada, north["group"])
    shown = {right["id"] for right in await manager.done("GET", "/role_assignments")}
    assert given["id"] in shown
    assert len(shown) == 2
    body = {
        "role_assignment": {"user_id": ada["id"], "group_id": south["group"]["id"], "role_id": "group_basic"}
    }
    assert (await manager.call("POST", "/role_assignments", body)).status == 403


@kisi_test
async def test_a_user_manager_has_no_doors_no_links_and_no_rights(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "staff", lock)
    organization = await api.done("GET", "/organization")
    _user, manager = await in_role(api, "user_manager", organization_id=organization["id"])
    assert await manager.done("GET", "/locks") == []
    for path in ("/groups", "/role_assignments", "/group_links", "/shares", f"/groups/{group['id']}"):
        assert (await manager.call("GET", path)).status == 403, path
    for path in ("/users", "/members", "/guests", "/cards", "/card_assignments"):
        assert (await manager.call("GET", path)).status == 200, path


@kisi_test
async def test_nobody_grants_changes_or_ends_above_his_own_level(api: Api) -> None:
    north, _south = await two_places(api)
    organization = (await api.done("GET", "/organization"))["id"]
    boss, _ = await in_role(api, "organization_admin", organization_id=organization)
    head, _ = await in_role(api, "place_admin", place_id=north["place"]["id"])
    everywhere = (await api.done("GET", f"/role_assignments?user_id={boss['id']}"))[0]
    at_place = (await api.done("GET", f"/role_assignments?user_id={head['id']}"))[0]
    _m, manager = await in_role(api, "organization_access_manager", organization_id=organization)
    for role_id, where in (
        ("organization_admin", {"organization_id": organization}),
        ("place_admin", {"place_id": north["place"]["id"]}),
    ):
        body = {"role_assignment": {"user_id": head["id"], "role_id": role_id, **where}}
        assert (await manager.call("POST", "/role_assignments", body)).status == 403
    for right, lower in ((everywhere, "organization_observer"), (at_place, "place_basic")):
        path = f"/role_assignments/{right['id']}"
        changed = await manager.call("PATCH", path, {"role_assignment": {"role_id": lower}})
        assert changed.status == 403
        assert (await manager.call("DELETE", path)).status == 403
    assert (await manager.call("DELETE", f"/users/{boss['id']}")).status == 403
    off = {"user": {"access_enabled": False}}
    assert (await manager.call("PATCH", f"/users/{boss['id']}", off)).status == 403


@kisi_test
async def test_everybody_reads_his_own_rights_and_no_others(api: Api) -> None:
    group = await add_group(api, "staff", await add_lock(api, "front"))
    ada, bob = await add_user(api, "ada"), await add_user(api, "bob")
    mine, theirs = await assign(api, ada, group), await assign(api, bob, group)
    own = await sign_in_for(api, ada)
    assert (await own.done("GET", f"/role_assignments/{mine['id']}"))["id"] == mine["id"]
    assert (await own.call("GET", f"/role_assignments/{theirs['id']}")).status == 403
    assert [one["id"] for one in await own.done("GET", "/role_assignments?user_id=me")] == [mine["id"]]
