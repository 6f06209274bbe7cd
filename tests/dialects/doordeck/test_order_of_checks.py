"""Which refusal a signed operation gets where several would fit, and what a refused one leaves usable."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rekey.domain.role import Role
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world

OPEN = {"type": "MUTATE_LOCK", "locked": False}
V2 = {"accept": "application/vnd.doordeck.api-v2+json"}


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


async def permit(owner: Phone, lock: str, *addresses: str) -> None:
    settings = {"settings": {"permittedAddresses": list(addresses)}}
    assert (await owner.call("PUT", f"/device/{lock}", settings)).status == 200


def test_an_opening_that_was_denied_may_be_sent_again_and_then_runs_once(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        await permit(owner, lock, "203.0.113.9")
        token = ann.sign(ann.claims(lock, OPEN))
        assert [(await ann.post(lock, token)).status for _ in range(2)] == [403, 403]
        assert not world.simulated.openings(lock)
        await permit(owner, lock)
        assert [(await ann.post(lock, token)).status for _ in range(2)] == [200, 409]
        assert len(world.simulated.openings(lock)) == 1

    tell(tmp_path, tale)


def test_whoever_may_no_longer_is_told_so_and_not_that_it_is_a_repetition(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, ben = await newcomer(world, "ann"), await newcomer(world, "ben")
        await owner.share(lock, ann, role="ADMIN")
        share = {"type": "ADD_USER", "user": ben.user_id, "publicKey": "unused"}
        token = ann.sign(ann.claims(lock, share))
        assert [(await ann.post(lock, token)).status for _ in range(2)] == [204, 409]
        await owner.remove(lock, ben.user_id)
        await owner.share(lock, ann, role="USER")
        assert (await ann.post(lock, token)).status == 403
        await owner.share(lock, ann, role="ADMIN")
        assert (await ann.post(lock, token)).status == 409
        assert (await ben.open(lock)).status == 403

    tell(tmp_path, tale)


def test_a_repetition_that_only_an_address_stops_is_told_of_the_address(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        token = ann.sign(ann.claims(lock, OPEN))
        assert (await ann.post(lock, token)).status == 200
        await permit(owner, lock, "203.0.113.9")
        assert (await ann.post(lock, token)).status == 403
        await permit(owner, lock)
        assert (await ann.post(lock, token)).status == 409
        assert len(world.simulated.openings(lock)) == 1

    tell(tmp_path, tale)


async def remarks_of(world: World) -> object:
    rows = await world.core.store.read(
        world.organization_id, lambda view: view.journal.rows(after=0, limit=1, newest_first=True)
    )
    assert rows[0].row.action == "access.granted"
    return rows[0].row.detail.get("remarks")


def test_a_share_with_another_key_than_the_users_is_done_and_the_journal_says_so(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, ben = await newcomer(world, "ann"), await newcomer(world, "ben")
        keys = [(await phone.call("GET", "/account")).json()["publicKey"] for phone in (ann, ben)]

        async def share(*named: str) -> None:
            users: list[dict[str, Any]] = [
                {"user": phone.user_id, "publicKey": key}
                for phone, key in zip((ann, ben), named, strict=True)
            ]
            assert (await owner.execute(lock, {"type": "BATCH_ADD_USER", "users": users})).status == 204

        await share(*keys)
        assert await remarks_of(world) is None
        await share(keys[0], keys[0])
        assert await remarks_of(world) == {
            ben.user_id: "the share names a public key that is not this user's"
        }
        assert (await ben.open(lock)).status == 200

    tell(tmp_path, tale)


def test_a_role_that_another_api_edits_is_in_the_audit_and_new_terms_alone_are_not(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        found = await world.core.store.read(
            world.organization_id, lambda view: view.grants.list(WHOLE, GrantFilter())
        )
        (grant,) = [one for one in found.items if one.holder.id == ann.user_id]
        for role in (Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.BASIC):
            await world.perform(edit_grant, EditGrant(grant_id=grant.id, role=role, validity=grant.validity))
        log = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
        told = [(event["type"], event["subject"]["userId"]) for event in log[:3]]
        assert told == [(kind, ann.user_id) for kind in ("USER_DEMOTED", "USER_PROMOTED", "LOCK_SHARED")]
        of_ann = (await owner.call("GET", f"/user/{ann.user_id}/log", **V2)).json()
        assert [event["type"] for event in of_ann[:2]] == ["USER_DEMOTED", "USER_PROMOTED"]

    tell(tmp_path, tale)
