"""Users whom an application signs in: made on the first call, kept apart, and gone at once when they are."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rekey.domain.scope import Scope
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.listing import WHOLE
from tests.dialects.doordeck.partner import (
    CurveSigning,
    Ed25519Signing,
    Partner,
    RsaSigning,
    Signing,
    new_id,
    partner_of,
)
from tests.dialects.doordeck.signing import Phone, base64url, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
Tale = Callable[[World, Partner], Awaitable[None]]


def tell(data: Path, tale: Tale, signing: Signing | None = None) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            await tale(world, await partner_of(await owner_of(world), signing))

    asyncio.run(told())


async def people_of(world: World) -> int:
    listed = await world.core.store.read(world.organization_id, lambda view: view.people.list(WHOLE))
    return len(listed.items)


@pytest.mark.parametrize("signing", [Ed25519Signing, RsaSigning, CurveSigning])
def test_the_first_call_makes_the_user_whatever_the_kind_of_key(
    tmp_path: Path, signing: type[Signing]
) -> None:
    async def tale(world: World, partner: Partner) -> None:
        before = await people_of(world)
        ann = partner.phone("ann", given_name="Ann", family_name="Lee")
        account = (await ann.call("GET", "/account")).json()
        assert (account["email"], account["displayName"]) == ("ann@people.test", "Ann Lee")
        assert account["emailVerified"] is True
        assert (await ann.call("GET", "/device")).json() == []
        assert await people_of(world) == before + 1
        assert (await partner.phone("ann").call("GET", "/account")).status == 200
        assert await people_of(world) == before + 1

    tell(tmp_path, tale, signing())


def test_a_user_opens_a_shared_door_with_a_signed_operation_and_not_without(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        lock = await world.add_door("Front")
        ann = await partner.user("ann")
        assert (await ann.open(lock)).status == 403
        assert (await partner.owner.share(lock, ann)).status == 204
        assert (await ann.open(lock)).status == 200
        users = (await partner.owner.call("GET", f"/device/{lock}/users")).json()
        shown = next(user for user in users if user["userId"] == ann.user_id)
        assert (shown["email"], shown["foreign"], shown["orphan"]) == ("ann@people.test", False, False)

    tell(tmp_path, tale)


def test_a_newer_token_brings_the_profile_up_to_date_and_an_older_one_does_not(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        now = int(world.clock.now().timestamp())
        for issued, name in ((now - 20, "Ann"), (now - 10, "Ann Lee"), (now - 15, "Old Ann")):
            await partner.phone("ann", name=name, iat=issued).call("GET", "/account")
        (user,) = (await partner.do("GET", "/user")).json()
        assert (user["displayName"], user["foreignKey"]) == ("Ann Lee", "ann")

    tell(tmp_path, tale)


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://tower.test"},
    "another audience": {"aud": "https://other.test"},
    "an audience list without us": {"aud": ["https://other.test"]},
    "no audience": {"aud": None},
    "expired": {"exp": 1},
    "no exp": {"exp": None},
    "exp as text": {"exp": "4000000000"},
    "no iat": {"iat": None},
    "issued in the future": {"iat": 4_000_000_000, "exp": 4_000_000_100},
    "not yet valid": {"nbf": 4_000_000_000},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject of 1025 bytes": {"sub": "x" * 1025},
    "no contact": {"email": None},
    "a contact that is none": {"email": "nobody"},
}


@pytest.mark.parametrize("why", BAD_CLAIMS)
def test_a_token_that_says_less_than_it_must_is_401_and_makes_nobody(tmp_path: Path, why: str) -> None:
    async def tale(world: World, partner: Partner) -> None:
        before, size = await people_of(world), await world.journal_size()
        phone = Phone(world, auth=partner.token(partner.claims("ann") | BAD_CLAIMS[why]))
        if None in BAD_CLAIMS[why].values():
            phone = partner.phone("ann", **BAD_CLAIMS[why])
        assert (await phone.call("GET", "/account")).status == 401
        assert (await people_of(world), await world.journal_size()) == (before, size)

    tell(tmp_path, tale)


def test_a_forged_token_is_401_whatever_it_brings_along(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        claims, stranger = partner.claims("ann"), Ed25519Signing()
        honest = partner.token(claims)
        forged = Partner(partner.owner, partner.id, signing=stranger)
        for token in (
            forged.token(claims),
            forged.token(claims, jwk=stranger.jwk()),
            partner.token(claims, kid="key-2"),
            partner.token(claims, alg="none"),
            partner.token(claims, alg="HS256"),
            partner.token(claims, jku="https://evil.test/keys"),
            honest.rpartition(".")[0] + ".",
            honest[:-8] + base64url(b"123456"),
        ):
            assert (await Phone(world, auth=token).call("GET", "/account")).status == 401

    tell(tmp_path, tale)


def test_one_application_can_not_sign_for_another(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        other = await partner_of(partner.owner, issuer="https://castle.test", kid="key-1")
        token = other.token(other.claims("ann") | {"iss": partner.issuer})
        assert (await Phone(world, auth=token).call("GET", "/account")).status == 401
        ann, theirs = await partner.user("ann"), await other.user("ann")
        assert ann.user_id != theirs.user_id

    tell(tmp_path, tale)


async def _suspend(partner: Partner) -> None:
    from rekey.operations.keep_application import EditApplication, edit_application

    await partner.world.perform(edit_application, EditApplication(application_id=partner.id, suspended=True))


async def _end_key(partner: Partner) -> None:
    from rekey.operations.trust_application import EndApplicationKey, end_application_key

    await partner.world.perform(
        end_application_key, EndApplicationKey(application_id=partner.id, kid=partner.kid)
    )


async def _end_issuer(partner: Partner) -> None:
    assert (await partner.do("DELETE", "/auth/issuer", {"url": partner.issuer})).status == 204


async def _end_application(partner: Partner) -> None:
    assert (await partner.do("DELETE", "")).status == 204


@pytest.mark.parametrize("end", [_suspend, _end_key, _end_issuer, _end_application])
def test_what_an_application_loses_signs_nobody_in_from_then_on(
    tmp_path: Path, end: Callable[[Partner], Awaitable[None]]
) -> None:
    async def tale(world: World, partner: Partner) -> None:
        lock = await world.add_door("Front")
        ann = await partner.user("ann")
        await partner.owner.share(lock, ann)
        assert (await ann.open(lock)).status == 200
        await end(partner)
        assert (await ann.call("GET", "/device")).status == 401
        assert (await ann.open(lock)).status == 401
        assert (await partner.phone("bob").call("GET", "/account")).status == 401
        assert len(world.simulated.openings(lock)) == 1

    tell(tmp_path, tale)


def test_a_key_past_its_own_end_signs_nobody_in(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        now = int(world.clock.now().timestamp())
        for kid, times, status in (
            ("over", {"exp": now - 1}, 401),
            ("not yet", {"nbf": now + 600}, 401),
            ("now", {"nbf": now - 600, "exp": now + 600}, 200),
        ):
            key = {**partner.signing.jwk(), "kid": kid, **times}
            assert (await partner.do("POST", "/auth/key", key)).status == 204
            token = partner.token(partner.claims("ann"), kid=kid)
            assert (await Phone(world, auth=token).call("GET", "/account")).status == status, kid

    tell(tmp_path, tale)


def test_a_revoked_user_is_refused_at_once_and_comes_back_only_when_reinstated(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        lock = await world.add_door("Front")
        ann = await partner.user("ann")
        await partner.owner.share(lock, ann)
        everywhere = Scope.organization(world.organization_id)
        await world.perform(
            revoke_person, RevokePerson(person_id=ann.user_id, scope=everywhere, leaving=True)
        )
        people = await people_of(world)
        now = int(world.clock.now().timestamp())
        later = partner.phone("ann", iat=now, name="Ann again")
        for phone in (ann, later):
            assert (await phone.call("GET", "/account")).status == 401
        assert (await ann.open(lock)).status == 401
        assert await people_of(world) == people
        await world.perform(reinstate_person, ReinstatePerson(person_id=ann.user_id))
        assert (await later.call("GET", "/account")).status == 200
        assert (await later.call("GET", "/device")).json() == []

    tell(tmp_path, tale)


def test_a_removed_user_is_not_made_anew_by_the_next_token(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        ann = await partner.user("ann")
        await world.perform(remove_person, RemovePerson(person_id=ann.user_id))
        people = await people_of(world)
        assert (await partner.phone("ann", name="Ann again").call("GET", "/account")).status == 401
        assert await people_of(world) == people

    tell(tmp_path, tale)


def test_a_newer_token_that_says_nothing_new_leaves_no_row(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        now = int(world.clock.now().timestamp())
        await partner.phone("ann", iat=now - 30, name="Ann").call("GET", "/account")
        size = await world.journal_size()
        for issued in (now - 10, now - 5):
            await partner.phone("ann", iat=issued, name="Ann").call("GET", "/device")
        await partner.phone("ann", iat=now - 7, name="Stale").call("GET", "/device")
        assert await world.journal_size() == size

    tell(tmp_path, tale)


def test_two_first_calls_at_once_make_one_user(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        before = await people_of(world)
        answers = await asyncio.gather(*(partner.phone("ann").call("GET", "/account") for _ in range(8)))
        assert {answer.status for answer in answers} == {200}
        assert await people_of(world) == before + 1

    tell(tmp_path, tale)


def test_the_directory_of_an_application_ends_at_its_own_users(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        other = await partner_of(partner.owner, issuer="https://castle.test")
        ann, bob = await partner.user("ann", telephone="+15550100", telephone_verified=True), None
        bob = await other.user("bob")
        own = await newcomer(world, "cy")
        queries = ({"email": "ann@people.test"}, {"telephone": "+15550100"}, {"foreignKey": "ann"})
        for query in (*queries, {"localKey": ann.user_id}):
            found = await partner.phone("dee").call("POST", "/directory/query", query)
            assert found.json()["id"] == ann.user_id, query
            for stranger in (bob, partner.owner):
                assert (await stranger.call("POST", "/directory/query", query)).status == 404, query
        for query in ({"email": "cy@acme.test"}, {"localKey": own.user_id}, {"localKey": bob.user_id}):
            assert (await ann.call("POST", "/directory/query", query)).status == 404
        assert (await ann.call("GET", f"/user/{own.user_id}")).status == 404
        assert (await own.call("GET", f"/user/{ann.user_id}")).status == 404

    tell(tmp_path, tale)


def test_an_application_takes_no_address_of_the_organizations_own_people(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        lock = await world.add_door("Front")
        mallory = await partner.user("mallory", email=world.owner["email"], email_verified=True)
        assert mallory.user_id != partner.owner.user_id
        assert (await mallory.call("GET", f"/device/{lock}")).status == 403
        found = await partner.owner.call("POST", "/directory/query", {"email": world.owner["email"]})
        assert found.json()["id"] == partner.owner.user_id

    tell(tmp_path, tale)


def test_only_a_verified_contact_that_nobody_else_has_is_found(tmp_path: Path) -> None:
    async def tale(_world: World, partner: Partner) -> None:
        await partner.user("ann", email="shared@people.test")
        await partner.user("bob", email="shared@people.test")
        await partner.user("cy", email="cy@people.test", email_verified=False)
        users = {user["foreignKey"]: user for user in (await partner.do("GET", "/user")).json()}
        assert {key: user["emailIndexed"] for key, user in users.items()} == {
            "ann": True,
            "bob": False,
            "cy": False,
        }
        ask = partner.phone("dee")
        found = await ask.call("POST", "/directory/query", {"email": "shared@people.test"})
        assert found.json()["id"] == users["ann"]["userId"]
        assert (await ask.call("POST", "/directory/query", {"email": "cy@people.test"})).status == 404

    tell(tmp_path, tale)


def test_what_is_for_the_servers_own_accounts_is_403_for_an_applications_user(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        ann, size = await partner.user("ann"), await world.journal_size()
        for method, path, body in (
            ("POST", "/share/invite/cy@people.test?visitor=false", None),
            ("GET", "/platform/application", None),
            ("POST", "/platform/application", {"name": "x", "companyName": "x", "mailingAddress": "x"}),
            ("GET", f"/platform/application/{partner.id}", None),
            ("DELETE", f"/platform/application/{partner.id}", None),
            ("POST", f"/platform/application/{partner.id}/owner", {"userId": ann.user_id}),
            ("GET", "/api/configuration/type", None),
            ("POST", "/auth/token/destroy", None),
        ):
            assert (await ann.call(method, path, body)).status == 403, path
        assert await world.journal_size() == size
        owner = {"userId": ann.user_id}
        assert (await partner.do("POST", "/owner", owner)).status == 400

    tell(tmp_path, tale)


def test_an_applications_token_is_no_refresh_token(tmp_path: Path) -> None:
    async def tale(_world: World, partner: Partner) -> None:
        assert (await partner.phone("ann").call("POST", "/auth/token/refresh")).status == 401

    tell(tmp_path, tale)


def test_the_token_of_another_organizations_application_does_not_serve_at_a_bound_host(
    tmp_path: Path,
) -> None:
    async def told() -> None:
        from rekey.app.vhosts import VirtualHost

        bound = VirtualHost(dialect="doordeck", host="api.globex.test", organization="globex")
        async with open_world(tmp_path, vhosts=(bound,), dialects=("doordeck", "native")) as world:
            from tests.attacks.estate import found_globex

            await found_globex(world)
            partner = await partner_of(await owner_of(world))
            token = {"authorization": f"Bearer {partner.token(partner.claims('ann'))}"}
            there = await world.client().send("GET", "/account", {**token, "host": "api.globex.test"})
            assert there.status == 401
            assert (await partner.phone("ann").call("GET", "/account")).status == 200

    asyncio.run(told())


def test_an_unknown_user_is_nobody_in_every_directory(tmp_path: Path) -> None:
    async def tale(_world: World, partner: Partner) -> None:
        ask = partner.phone("ann")
        for query in ({"foreignKey": "nobody"}, {"localKey": new_id()}, {"telephone": "+15550199"}):
            assert (await ask.call("POST", "/directory/query", query)).status == 404
        many = {"foreignKey": ["nobody", "ann"], "localKey": [new_id()]}
        rows = (await ask.call("POST", "/directory/query", many, **V2)).json()
        assert [row["foreignKey"] for row in rows] == ["ann"]

    tell(tmp_path, tale)
