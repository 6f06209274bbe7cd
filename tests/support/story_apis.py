"""What each API makes of a story's verbs: real calls of its wire, and what its answer means.

An API that lacks a verb lacks the method, and a tale that asks for it fails by name.
"""

from collections.abc import Sequence
from typing import Any

from tests.support.asgi import Response
from tests.support.story_stage import Stage

OPENED, REFUSED = "opened", "refused"
_REFUSALS = frozenset({401, 403, 404, 409})


def outcome_of(answer: Response) -> str:
    """Say whether a door opened; anything that is neither is an error of the server."""
    if answer.status == 200:
        return OPENED
    assert answer.status in _REFUSALS, (answer.status, answer.body)
    return REFUSED


class Doordeck:
    """Signed requests: the owner's phone shares and removes, each person's own phone opens."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def grant(self, person: str, door: str) -> None:
        stage = self._stage
        answer = await stage.owner.share(stage.doors[door], stage.people[person].phone)
        assert answer.status == 204, answer.body

    async def revoke(self, person: str, door: str) -> Response:
        return await self._stage.owner.remove(self._stage.doors[door], self._stage.people[person].person_id)

    async def open(self, person: str, door: str) -> str:
        return outcome_of(await self._stage.people[person].phone.open(self._stage.doors[door]))

    async def permit(self, door: str, addresses: Sequence[str]) -> None:
        await self._ask(door, {"permittedAddresses": list(addresses)})

    async def usable(self, door: str, days: Sequence[str]) -> None:
        hours = [{"start": "00:00", "end": "23:59", "timezone": "UTC", "days": list(days)}]
        await self._ask(door, {"usageRequirements": {"time": hours if days else []}})

    async def _ask(self, door: str, settings: dict[str, Any]) -> None:
        path = f"/device/{self._stage.doors[door]}"
        answer = await self._stage.owner.call("PUT", path, {"settings": settings})
        assert answer.status == 200, answer.body

    async def order(self, person: str, door: str) -> None:
        """Order an opening that waits for an hour if the door cannot be reached."""
        until = int(self._stage.world.clock.now().timestamp()) + 3600
        answer = await self._stage.people[person].phone.open(self._stage.doors[door], exp=until)
        assert answer.status == 202, answer.body
        await self._stage.world.services.orders.close()


class Seam:
    """Bearer key of the organization; this API opens no door for a person, it tells which ones the person can."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def _link(self, person: str, door: str) -> dict[str, str]:
        return {
            "user_identity_id": self._stage.people[person].person_id,
            "device_id": self._stage.doors[door],
        }

    async def grant(self, person: str, door: str) -> None:
        path = "/user_identities/grant_access_to_device"
        await self._stage.seam.done("PUT", path, self._link(person, door))

    async def revoke(self, person: str, door: str) -> Response:
        path = "/user_identities/revoke_access_to_device"
        return await self._stage.seam.call("DELETE", path, self._link(person, door))

    async def leave(self, person: str) -> Response:
        body = {"user_identity_id": self._stage.people[person].person_id}
        return await self._stage.seam.call("DELETE", "/user_identities/delete", body)

    async def open(self, person: str, door: str) -> str:
        body = {"user_identity_id": self._stage.people[person].person_id}
        answer = await self._stage.seam.call("POST", "/user_identities/list_accessible_devices", body)
        if answer.status != 200:
            return outcome_of(answer)
        listed = {device["device_id"] for device in answer.json()["devices"]}
        return OPENED if self._stage.doors[door] in listed else REFUSED

    async def switch(self, person: str, *, on: bool) -> None:
        verb = "unsuspend" if on else "suspend"
        user = {
            "user_identity_id": self._stage.people[person].person_id,
            "acs_system_id": self._stage.world.site_id,
        }
        await self._stage.seam.done("POST", f"/acs/users/{verb}", user)

    async def grant_group(self, person: str, group: str) -> None:
        await self._stage.seam.done("PUT", "/acs/access_groups/add_user", await self._member(person, group))

    async def end_grant(self, person: str, group: str) -> None:
        path = "/acs/access_groups/remove_user"
        await self._stage.seam.done("DELETE", path, await self._member(person, group))

    async def _member(self, person: str, group: str) -> dict[str, str]:
        return {
            "acs_access_group_id": (await self._stage.group(group))["id"],
            "user_identity_id": self._stage.people[person].person_id,
        }


class Kisi:
    """The owner's key assigns roles, each person's own login unlocks; access to one door is a group of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def grant(self, person: str, door: str) -> None:
        group = f"only {door}"
        if group not in self._stage.groups:
            await self._stage.put_into_group(door, group)
        await self.grant_group(person, group)

    async def leave(self, person: str) -> Response:
        return await self._stage.kisi.call("DELETE", f"/users/{self._stage.people[person].user}")

    async def open(self, person: str, door: str) -> str:
        login = self._stage.people[person].login
        return outcome_of(await login.call("POST", f"/locks/{self._stage.locks[door]}/unlock"))

    async def switch(self, person: str, *, on: bool) -> None:
        user = self._stage.people[person].user
        await self._stage.kisi.done("PATCH", f"/users/{user}", {"user": {"access_enabled": on}})

    async def grant_group(self, person: str, group: str) -> None:
        made = await self._assign("User", self._stage.people[person].user, group)
        self._stage.grants[person, group] = made["id"]

    async def end_grant(self, person: str, group: str) -> None:
        await self._stage.kisi.done("DELETE", f"/role_assignments/{self._stage.grants[person, group]}")

    async def join(self, door: str, group: str) -> None:
        number = (await self._stage.group(group))["number"]
        body = {"group_lock": {"group_id": number, "lock_id": self._stage.locks[door]}}
        await self._stage.kisi.done("POST", "/group_locks", body)

    async def team(self, name: str, people: Sequence[str]) -> None:
        team = await self._stage.kisi.done("POST", "/teams", {"team": {"name": name}})
        self._stage.teams[name] = team["id"]
        for person in people:
            user = self._stage.people[person].user
            member = {"team_id": team["id"], "member_type": "User", "member_id": user}
            await self._stage.kisi.done("POST", "/team_memberships", {"team_membership": member})

    async def grant_team(self, team: str, door: str) -> None:
        group = f"only {door}"
        await self._stage.put_into_group(door, group)
        await self._assign("Team", self._stage.teams[team], group)

    async def _assign(self, kind: str, number: int, group: str) -> Any:
        wanted = {
            "applies_to_type": "Group",
            "applies_to_id": (await self._stage.group(group))["number"],
            "assignee_type": kind,
            "assignee_id": number,
            "role_id": "group_basic",
        }
        return await self._stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})


class Native:
    """The organization's own key; it opens a door with a person's access, never with its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def grant(self, person: str, door: str) -> None:
        wanted = {"person": self._stage.people[person].person_id, "door": self._stage.doors[door]}
        await self._stage.native.done("POST", "/grants", wanted)

    async def revoke(self, person: str, door: str) -> Response:
        return await self._revoke(person, {"door": self._stage.doors[door]})

    async def leave(self, person: str) -> Response:
        return await self._revoke(person, {"everywhere": True})

    async def open(self, person: str, door: str) -> str:
        path, body = (
            f"/doors/{self._stage.doors[door]}/open",
            {"person": self._stage.people[person].person_id},
        )
        return outcome_of(await self._stage.native.call("POST", path, body))

    async def switch(self, person: str, *, on: bool) -> None:
        path = f"/people/{self._stage.people[person].person_id}/block"
        await self._stage.native.done("DELETE" if on else "POST", path, None if on else {})

    async def grant_group(self, person: str, group: str) -> None:
        wanted = {
            "person": self._stage.people[person].person_id,
            "door_group": (await self._stage.group(group))["id"],
        }
        self._stage.grants[person, group] = (await self._stage.native.done("POST", "/grants", wanted))["id"]

    async def end_grant(self, person: str, group: str) -> None:
        await self._stage.native.done("DELETE", f"/grants/{self._stage.grants[person, group]}")

    async def join(self, door: str, group: str) -> None:
        await self._stage.put_into_group(door, group)

    async def team(self, name: str, people: Sequence[str]) -> None:
        team = await self._stage.native.done("POST", "/teams", {"name": name})
        self._stage.teams[name] = team["id"]
        for person in people:
            path = f"/teams/{team['id']}/members/{self._stage.people[person].person_id}"
            await self._stage.native.done("PUT", path)

    async def grant_team(self, team: str, door: str) -> None:
        wanted = {"team": self._stage.teams[team], "door": self._stage.doors[door]}
        await self._stage.native.done("POST", "/grants", wanted)

    async def permit(self, door: str, addresses: Sequence[str]) -> None:
        await self._ask(door, {"permitted_addresses": list(addresses)})

    async def usable(self, door: str, days: Sequence[str]) -> None:
        hours = [
            {"days": [day.lower() for day in days], "start": "00:00", "end": "23:59", "time_zone": "UTC"}
        ]
        await self._ask(door, {"usage_windows": hours if days else []})

    async def _ask(self, door: str, asked: dict[str, Any]) -> None:
        await self._stage.native.done("PATCH", f"/doors/{self._stage.doors[door]}/conditions", asked)

    async def lose_phone(self, person: str) -> None:
        """End every signing key of the person, as somebody does who is told of a lost phone."""
        path = f"/people/{self._stage.people[person].person_id}/keys"
        for key in (await self._stage.native.done("GET", path))["items"]:
            await self._stage.native.done("DELETE", f"{path}/{key['id']}")

    async def _revoke(self, person: str, where: dict[str, Any]) -> Response:
        path = f"/people/{self._stage.people[person].person_id}/revoke"
        return await self._stage.native.call("POST", path, where)


class AtTheDoor:
    """The person stands before the simulated door itself, which decides alone by what it holds."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def open(self, person: str, door: str) -> str:
        await self._stage.world.settle()
        player = self._stage.people[person]
        return (
            OPENED
            if self._stage.world.simulated.present(self._stage.doors[door], player.person_id)
            else REFUSED
        )
