"""What the tests of the removal table share: one stage, and whether somebody passes, asked in every way there is."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.dialects.in_world import Api
from tests.support.story_apis import OPENED, REFUSED, AtTheDoor, Doordeck, Kisi, Native, Seam
from tests.support.story_stage import Stage, open_stage
from tests.support.world import open_world

DOOR, WHO = "front", "ada"


def on_stage(test: Callable[[Stage], Awaitable[None]]) -> Callable[[Path], None]:
    """Give a test a stage of its own, with one door and one person."""

    async def run(tmp_path: Path) -> None:
        async with open_world(tmp_path) as world:
            stage = await open_stage(world)
            await stage.add_door(DOOR)
            await stage.add_person(WHO)
            await test(stage)

    @functools.wraps(test)
    def wrapped(tmp_path: Path) -> None:
        asyncio.run(run(tmp_path))

    wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
    return wrapped


async def everywhere(stage: Stage, *, who: str = WHO, door: str = DOOR) -> dict[str, str]:
    """Try the door by every API and at the door itself."""
    ways = (Kisi(stage), Doordeck(stage), Seam(stage), Native(stage), AtTheDoor(stage))
    return {type(way).__name__: await way.open(who, door) for way in ways}


async def passes(stage: Stage, *, who: str = WHO) -> bool:
    """Say whether somebody passes; every way must say the same."""
    answers = await everywhere(stage, who=who)
    assert len(set(answers.values())) == 1, answers
    return set(answers.values()) == {OPENED}


async def is_refused_everywhere(stage: Stage, *, who: str = WHO) -> bool:
    return set((await everywhere(stage, who=who)).values()) == {REFUSED}


async def code_of(stage: Stage, *, who: str = WHO) -> tuple[int, str]:
    """Give the status and code with which the person's own login is refused."""
    answer = await stage.people[who].login.call("POST", f"/locks/{stage.locks[DOOR]}/unlock")
    body = answer.json()
    return answer.status, body.get("code", body.get("message"))


async def group_of_door(stage: Stage, name: str = "staff") -> int:
    """Make a group with the door in it, and give its number."""
    await stage.put_into_group(DOOR, name)
    return int((await stage.group(name))["number"])


async def give(stage: Stage, group: int, *, who: str = WHO) -> Any:
    wanted = {"user_id": stage.people[who].user, "group_id": group, "role_id": "group_basic"}
    return await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})


async def set_user(stage: Stage, *, who: str = WHO, **attributes: Any) -> int:
    answer = await stage.kisi.call("PATCH", f"/users/{stage.people[who].user}", {"user": attributes})
    return answer.status


async def user_of(api: Api, number: int) -> Any:
    return await api.done("GET", f"/users/{number}")
