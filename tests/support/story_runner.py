"""Plays a run of a tale, step by step."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from rekey.domain.grant import Holder
from rekey.domain.operator import Actor
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.ports.listing import WHOLE
from tests.dialects.doordeck.signing import Phone
from tests.support.asgi import Response
from tests.support.story import Run
from tests.support.story_apis import AtTheDoor, Doordeck, Kisi, Native, Seam
from tests.support.story_foreign import nothing_is_seen
from tests.support.story_stage import Stage, open_stage
from tests.support.world import World

EVERYWHERE = ("doordeck", "seam", "kisi", "native", "door")
REVOCATION_HEADER = "rekey-revocation"


async def play(run: Run, world: World) -> None:
    """Play every step; a step that fails names its number and verb."""
    stage = await open_stage(world)
    for door in run.doors:
        await stage.add_door(door)
    for person in run.people:
        await stage.add_person(person)
    verbs = Verbs(stage)
    for step in run.steps:
        verb: Callable[..., Awaitable[None]] = getattr(verbs, step.verb)
        try:
            await verb(**step.words)
        except AssertionError as failed:
            raise AssertionError(f"step {step.line}, {step.verb} {dict(step.words)}: {failed}") from failed


class Verbs:
    """The verbs that a tale may use; `via` names the API that is called."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._apis: dict[str, Any] = {
            "doordeck": Doordeck(stage),
            "seam": Seam(stage),
            "kisi": Kisi(stage),
            "native": Native(stage),
            "door": AtTheDoor(stage),
        }

    async def grant(self, via: str, person: str, door: str) -> None:
        await self._apis[via].grant(person, door)

    async def revoke(self, via: str, person: str, door: str) -> None:
        self._took(await self._apis[via].revoke(person, door))

    async def leave(self, via: str, person: str) -> None:
        self._took(await self._apis[via].leave(person))

    async def open(self, via: str, person: str, door: str, expect: str) -> None:
        """Try the door through one API, or with `everywhere` through all and at the door itself."""
        names = EVERYWHERE if via == "everywhere" else (via,)
        found = {name: await self._apis[name].open(person, door) for name in names}
        assert found == dict.fromkeys(names, expect)

    async def permit(self, via: str, door: str, addresses: Sequence[str]) -> None:
        """From now on only these addresses use the door; none means any."""
        await self._apis[via].permit(door, addresses)

    async def usable(self, via: str, door: str, hours: str) -> None:
        """From now on the door is used on another day than today, or always."""
        today = self._stage.world.clock.now()
        days = {"always": [], "another day": [f"{today + timedelta(days=3):%A}".upper()]}[hours]
        await self._apis[via].usable(door, days)

    async def lose_phone(self, person: str) -> None:
        await self._apis["native"].lose_phone(person)

    async def new_phone(self, person: str) -> None:
        """The person signs in on another phone, which makes a key of its own."""
        player = self._stage.people[person]
        phone = await Phone(self._stage.world, auth=player.phone.auth).certify()
        self._stage.people[person] = replace(player, phone=phone)

    async def order(self, via: str, person: str, door: str) -> None:
        await self._apis[via].order(person, door)

    async def switch(self, via: str, person: str, access: str) -> None:
        """Turn the one switch that this API has; the switches of the others stay as they are."""
        await self._apis[via].switch(person, on={"open": True, "closed": False}[access])

    async def grant_group(self, via: str, person: str, group: str) -> None:
        await self._apis[via].grant_group(person, group)

    async def end_grant(self, via: str, person: str, group: str) -> None:
        await self._apis[via].end_grant(person, group)

    async def join(self, via: str, door: str, group: str) -> None:
        await self._apis[via].join(door, group)

    async def team(self, via: str, name: str, people: Sequence[str]) -> None:
        await self._apis[via].team(name, people)

    async def grant_team(self, via: str, team: str, door: str) -> None:
        await self._apis[via].grant_team(team, door)

    async def imported(self, person: str, door: str) -> None:
        """An automation, such as a directory or an import, gives the person the door."""
        stage = self._stage
        new = NewGrant(
            holder=Holder.person(stage.people[person].person_id), scope=Scope.door(stage.doors[door])
        )
        await stage.world.core.perform(grant_access, await self._automation(), GrantAccess(grants=(new,)))

    async def conflicts(self, person: str, count: int) -> None:
        """An operator sees what an automation wanted against a revocation."""
        listed = await self._stage.native.done("GET", "/conflicts")
        mine = [one for one in listed["items"] if one["person"] == self._stage.people[person].person_id]
        assert len(mine) == count

    async def hardware(self, door: str, **switches: Any) -> None:
        """Something happens to the door."""
        await self._stage.native.done("PATCH", f"/doors/{self._stage.doors[door]}/simulate", switches)

    async def settle(self) -> None:
        """The server has had time to serve its doors."""
        await self._stage.world.settle()

    async def relay(self, door: str, fired: int) -> None:
        """So often has the door's relay fired."""
        await self._stage.world.settle()
        assert len(self._stage.world.simulated.openings(self._stage.doors[door])) == fired

    async def receipt(self, **expected: Any) -> None:
        """The receipt of the newest revocation says so; `statuses` lists those of its doors."""
        await self._stage.world.settle()
        receipt = await self._stage.native.done("GET", f"/revocations/{self._stage.revocation}/receipt")
        found = {**receipt, "statuses": [line["status"] for line in receipt["doors"]]}
        assert {name: found[name] for name in expected} == expected

    async def another_organization(self, person: str, door: str) -> None:
        """Another organization on this server, with all its keys, finds and changes nothing of ours."""
        await nothing_is_seen(self._stage, person, door)

    def _took(self, answer: Response) -> None:
        assert 200 <= answer.status < 300, (answer.status, answer.body)
        self._stage.revocation = answer.header(REVOCATION_HEADER) or ""
        assert self._stage.revocation, "a revoking reply names its revocation"

    async def _automation(self) -> Actor:
        world = self._stage.world
        listed = await world.core.store.read(world.organization_id, lambda view: view.operators.list(WHOLE))
        found = next(operator for operator in listed.items if operator.is_automation)
        return Actor(
            organization_id=world.organization_id,
            operator_id=found.id,
            key_id=None,
            via="scim",
            is_automation=True,
        )
