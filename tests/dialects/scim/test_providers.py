"""The real gate: the bodies of each provider, each tried at the door through the other wire APIs."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rekey.domain.block import Subject, SubjectKind
from tests.dialects.doordeck.signing import Phone, newcomer
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import sign_in_for
from tests.dialects.scim.api import Front, add_front, directory_of, find, kisi_of, patch, scim_test
from tests.dialects.scim.providers import PROVIDERS, Provider
from tests.support.world import open_world


class Hand:
    """One person who tries a door through Kisi and through Doordeck."""

    def __init__(self, api: Api, front: Front, user: dict[str, Any]) -> None:
        self.api, self.front, self.user = api, front, user
        self.kisi: Api | None = None
        self.phone: Phone | None = None

    async def sign_in(self) -> None:
        """Sign in anew: with a login of Kisi's, and with the phone that Doordeck knows."""
        self.kisi = await sign_in_for(kisi_of(self.api.world), {"email": "ada@acme.test"})
        if self.phone is None:
            raise AssertionError("the phone comes first")
        await self.phone.sign_in("ada@acme.test", "a long enough password")

    async def tries(self) -> tuple[bool, bool, bool]:
        """Say whether Kisi, Doordeck and the door itself let the person in."""
        assert self.kisi is not None
        assert self.phone is not None
        locks = await kisi_of(self.api.world).done("GET", "/locks")
        kisi = await self.kisi.call("POST", f"/locks/{locks[0]['id']}/unlock")
        doordeck = await self.phone.open(self.front.id)
        return kisi.status == 200, doordeck.status == 200, await self.front.opens_for(self.user)


async def hired(api: Api, provider: Provider) -> Hand:
    """Have somebody who has a phone already linked by the provider, and let into the front door."""
    phone = await newcomer(api.world, "ada")
    refused = await api.call("POST", f"/Users{provider.query}", provider.create, **_named(provider))
    assert (refused.status, refused.json()["scimType"]) == (409, "uniqueness")
    (known,) = await find(api, "Users", 'userName eq "ADA@acme.test"')
    linked = await api.call("PUT", f"/Users/{known['id']}", {**provider.create, "groups": []})
    assert linked.status == 200
    hand = Hand(api, await add_front(api), known)
    await hand.front.grant(person=known["id"])
    hand.phone = phone
    return hand


def _named(provider: Provider) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in provider.headers.items()}


async def send(hand: Hand, provider: Provider, *, on: bool) -> dict[str, Any]:
    path = f"/Users/{hand.user['id']}"
    before = await hand.api.done("GET", path)
    method, body = (provider.on if on else provider.off)(before)
    answer = await hand.api.call(method, path + provider.query, body, **_named(provider))
    assert answer.status == 200, answer.body
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_whom_the_provider_switches_off_passes_no_door_until_it_switches_him_on(
    provider: Provider, tmp_path: Path
) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            hand = await hired(directory_of(world), provider)
            await hand.sign_in()
            assert await hand.tries() == (True, True, True)
            assert (await send(hand, provider, on=False))["active"] is False
            assert await hand.tries() == (False, False, False)
            assert await hand.front.refusal(hand.user) == ("blocked", (await _blocks(hand))[0])
            assert (await send(hand, provider, on=True))["active"] is True
            # Keys that were ended do not come back; a new sign-in is let in again.
            assert await hand.tries() == (False, False, True)
            await hand.sign_in()
            assert await hand.tries() == (True, True, True)

    asyncio.run(told())


async def _blocks(hand: Hand) -> list[str]:
    world, subject = hand.api.world, Subject(SubjectKind.PERSON, hand.user["id"])
    standing = await world.core.store.read(world.organization_id, lambda view: view.blocks.standing(subject))
    return [block.id for block in standing]


@scim_test
async def test_entra_may_delete_somebody_whom_it_never_disabled(api: Api) -> None:
    hand = await hired(api, PROVIDERS[2])
    await hand.sign_in()
    answer = await api.call("DELETE", f"/Users/{hand.user['id']}")
    assert (answer.status, answer.body, answer.header("content-type")) == (204, b"", None)
    assert answer.header("rekey-revocation")
    assert hand.kisi is not None
    assert hand.phone is not None
    assert (await hand.kisi.call("GET", "/user")).status == 401
    assert (await hand.phone.open(hand.front.id)).status == 401
    assert (await api.call("DELETE", f"/Users/{hand.user['id']}")).status == 404


@scim_test
async def test_groups_of_okta_and_entra_take_one_member_and_leave_the_others(api: Api) -> None:
    front = await add_front(api)
    people = [
        await api.done("POST", "/Users", {"userName": f"{name}@acme.test"}) for name in ("ada", "bob", "cyd")
    ]
    group = await api.done("POST", "/Groups", {"displayName": "Engines", "externalId": "g-1"})
    await front.grant(team=group["id"])
    entra = {"op": "Add", "path": "members", "value": [{"value": one["id"]} for one in people]}
    assert (await patch(api, group, entra)).status == 200
    okta = (
        {"op": "replace", "value": {"id": group["id"], "displayName": "Engines"}},
        {"op": "remove", "path": f'members[value eq "{people[0]["id"]}"]'},
    )
    assert (await patch(api, group, okta[0])).status == 200
    assert (await patch(api, group, okta[1])).status == 200
    assert [await front.opens_for(one) for one in people] == [False, True, True]
    default = {"op": "Remove", "path": "members", "value": [{"value": people[1]["id"]}]}
    for _ in range(2):
        assert (await patch(api, group, default)).status == 200
    assert [await front.opens_for(one) for one in people] == [False, False, True]
