"""Nobody hands out or reaches more than is his, and who was revoked does not come back (rows 56 to 61; I14)."""

import asyncio
from typing import Any

from rekey.domain.errors import CoreError
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.issue_key import IssueKey, issue_key
from rekey.operations.open_session import NewSession, OpenSessionFor, open_session_for
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.attacks.callers import Caller, Rivals, among_rivals, limited_key, with_key
from tests.attacks.estate import fill
from tests.attacks.state import state_of
from tests.attacks.targets import samples, targets_of
from tests.attacks.test_callers import ends_own_key
from tests.dialects.in_world import Api
from tests.support.world import PrefixClient


async def operator_with(rivals: Rivals, name: str, **where: Any) -> tuple[str, Caller, Actor]:
    """Make a person with an account and a grant, and a key of the account for every dialect that takes keys."""
    world, api = rivals.world, rivals.acme.native()
    person = await api.done("POST", "/people", {"name": name, "email": f"{name}@people.test"})
    if where:
        await api.done("POST", "/grants", {"person": person["id"], **where})
    secret = f"seam_key_of_{name}"
    service = await rivals.acme.service()
    fingerprint = world.core.secrets.fingerprint
    session = IssueKey(
        operator_id="",
        kind=KeyKind.SESSION,
        name="s",
        via="kisi",
        secret_fingerprint=fingerprint("s" + secret),
    )
    opened = await world.core.perform(
        open_session_for, service, OpenSessionFor(person_id=person["id"], keys=NewSession(session=session))
    )
    wanted = IssueKey(
        operator_id=opened.session.operator_id,
        kind=KeyKind.API_KEY,
        name="Own",
        via="any",
        secret_fingerprint=fingerprint(secret),
    )
    key = await world.core.perform(issue_key, service, wanted)
    actor = Actor(
        organization_id=world.organization_id, operator_id=key.operator_id, key_id=key.id, via="native"
    )
    return person["id"], with_key(world, secret), actor


def native_of(caller: Caller) -> Api:
    headers = {"authorization": caller.headers["native"]}
    return Api(caller.world, PrefixClient(caller.world.app, "/api/v1", headers))


@among_rivals
async def test_an_observer_changes_nothing_by_any_route(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    _person, observer, _actor = await operator_with(rivals, "oscar", organization=True, role="observer")
    assert (await native_of(observer).call("GET", "/people")).status == 200
    before = state_of(rivals.world)
    for target in targets_of(rivals.world, "native", "kisi", "seam"):
        if target.is_public or ends_own_key(target):
            continue
        for sample in samples(target, ids):
            answer = await observer.send(target, sample)
            assert answer.status < 500, (target.name, answer.body)
            assert state_of(rivals.world) == before, (target.name, answer.status)


@among_rivals
async def test_a_manager_of_one_door_group_reaches_no_further(rivals: Rivals) -> None:
    own, other = await fill(rivals.acme, "own"), await fill(rivals.acme, "other")
    _person, caller, _actor = await operator_with(
        rivals, "mary", door_group=own["door_group"].id, role="manager"
    )
    mary, someone = native_of(caller), other["person"].id
    given = {"person": someone, "door_group": own["door_group"].id}
    assert (await mary.call("POST", "/grants", given)).status == 201
    before = state_of(rivals.world)
    for refused in (
        {"person": someone, "door_group": other["door_group"].id},
        {"person": someone, "door": other["door"].id},
        {"person": someone, "site": other["site"].id},
        {"person": someone, "organization": True, "role": "administrator"},
        {"person": someone, "door_group": own["door_group"].id, "role": "administrator"},
    ):
        answer = await mary.call("POST", "/grants", refused)
        assert answer.status == 403, (refused, answer.body)
    for path in ("/people", f"/people/{someone}", "/journal", "/keys", "/revocations"):
        assert (await mary.call("GET", path)).status == 403, path
    assert state_of(rivals.world) == before


@among_rivals
async def test_a_revoked_administrator_brings_himself_back_by_no_route(rivals: Rivals) -> None:
    ids, owner = await fill(rivals.acme), rivals.acme.native()
    person, caller, _actor = await operator_with(rivals, "adam", organization=True, role="administrator")
    adam = native_of(caller)
    friend, _friends_key, _ = await operator_with(rivals, "fred")
    # All that might bring him back is prepared before: a team, a group, an account, a further key.
    team = await adam.done("POST", "/teams", {"name": "Friends"})
    await adam.done("POST", "/grants", {"team": team["id"], "organization": True, "role": "administrator"})
    further = with_key(rivals.world, (await adam.done("POST", "/keys", {"name": "spare"}))["secret"])
    await owner.done("POST", f"/people/{person}/revoke", {"everywhere": True})
    before = state_of(rivals.world)
    named = {**ids, "person": type(ids["person"])(person, 0)}
    for again in (caller, further):
        for target in targets_of(rivals.world, "native", "kisi", "seam"):
            if target.is_public:
                continue
            for sample in samples(target, named):
                answer = await again.send(target, sample)
                assert answer.status == 401, (target.name, answer.status, answer.body)
    assert state_of(rivals.world) == before
    assert not (await owner.done("GET", f"/people/{person}/can/{ids['door'].id}"))["allowed"]
    assert friend


@among_rivals
async def test_an_administrator_revoked_at_a_site_regains_nothing_there(rivals: Rivals) -> None:
    ids, owner = await fill(rivals.acme), rivals.acme.native()
    person, caller, _actor = await operator_with(rivals, "adam", organization=True, role="administrator")
    adam, site, door = native_of(caller), ids["site"].id, ids["door"].id
    team = await owner.done("POST", "/teams", {"name": "Site crew"})
    await owner.done("POST", "/grants", {"team": team["id"], "site": site, "role": "administrator"})
    await owner.done("POST", f"/people/{person}/revoke", {"site": site})
    group = ids["door_group"].id
    tries: tuple[tuple[str, str, object], ...] = (
        ("POST", "/grants", {"person": person, "door": door}),
        ("POST", "/grants", {"person": person, "site": site, "role": "administrator"}),
        ("POST", "/grants", {"person": person, "door_group": group}),
        ("POST", "/grants", {"person": person, "organization": True, "role": "administrator"}),
        ("PUT", f"/teams/{team['id']}/members/{person}", None),
        ("POST", "/grants", {"person": ids["person"].id, "organization": True, "role": "administrator"}),
        ("POST", "/grants", {"person": ids["person"].id, "door": door}),
        ("POST", f"/doors/{door}/open", {"person": person}),
        ("POST", f"/people/{person}/reinstate", {}),
    )
    for method, path, body in tries:
        answer = await adam.call(method, path, body)
        assert answer.status in {403, 404}, (method, path, body, answer.status, answer.body)
    # A door that joins a group of his and a team that gets a new grant name nobody.
    await owner.done("POST", "/grants", {"team": team["id"], "door": door})
    assert not (await owner.done("GET", f"/people/{person}/can/{door}"))["allowed"]


@among_rivals
async def test_a_limited_key_issues_no_wider_one(rivals: Rivals) -> None:
    held = (Permission.OPERATORS_WRITE, Permission.ESTATE_READ)
    limited = native_of(with_key(rivals.world, await limited_key(rivals.acme, *held)))
    before = state_of(rivals.world)
    for permissions in (None, ["doors_open"], ["estate_read", "grants_write"]):
        answer = await limited.call("POST", "/keys", {"name": "wider", "permissions": permissions})
        assert answer.status == 403, (permissions, answer.body)
    assert state_of(rivals.world) == before
    assert (
        await limited.call("POST", "/keys", {"name": "same", "permissions": ["estate_read"]})
    ).status == 201


@among_rivals
async def test_a_key_that_may_only_read_ends_no_other_key_but_may_end_itself(rivals: Rivals) -> None:
    secret = await limited_key(rivals.acme, Permission.ESTATE_READ)
    reader = native_of(with_key(rivals.world, secret))
    service, me = await rivals.acme.service(), await reader.done("GET", "/whoami")
    assert (await reader.call("DELETE", f"/keys/{service.key_id}")).status == 403
    assert (await reader.call("DELETE", f"/keys/{me['key']['id']}")).status == 200
    assert (await reader.call("GET", "/doors")).status == 401


@among_rivals
async def test_the_sessions_keys_and_waiting_orders_of_a_person_end_with_the_person(rivals: Rivals) -> None:
    ids, owner = await fill(rivals.acme), rivals.acme.native()
    person, caller, _actor = await operator_with(rivals, "eve", organization=True, role="administrator")
    assert (await native_of(caller).call("GET", "/doors")).status == 200
    await owner.done("DELETE", f"/people/{person}")
    for target in targets_of(rivals.world, "native", "kisi", "seam"):
        if not target.is_public:
            answer = await caller.send(target, next(iter(samples(target, ids))))
            assert answer.status == 401, (target.name, answer.body)


@among_rivals
async def test_no_grant_of_an_administrator_commits_after_his_revocation(rivals: Rivals) -> None:
    ids, service = await fill(rivals.acme), await rivals.acme.service()
    core, organization_id = rivals.world.core, rivals.world.organization_id
    for turn in range(12):
        person, _caller, actor = await operator_with(
            rivals, f"adam{turn}", organization=True, role="administrator"
        )
        wanted = NewGrant(
            holder=Holder.person(ids["person"].id), scope=Scope.door(ids["door"].id), role=Role.BASIC
        )

        async def keep_granting(actor: Actor = actor, wanted: NewGrant = wanted) -> list[int]:
            positions: list[int] = []
            try:
                while len(positions) < 50:
                    given = await core.perform(grant_access, actor, GrantAccess(grants=(wanted,)))
                    positions.append(given.grants[0].named_at)
            except CoreError:
                return positions
            return positions

        revoking = core.perform(
            revoke_person,
            service,
            RevokePerson(person_id=person, scope=Scope.organization(organization_id), leaving=True),
        )
        tasks = [asyncio.ensure_future(keep_granting()) for _ in range(3)]
        await asyncio.sleep(0)
        revoked = await revoking
        granted = [position for positions in await asyncio.gather(*tasks) for position in positions]
        assert all(position < revoked.revocation.position for position in granted)
        assert len(granted) < 150
