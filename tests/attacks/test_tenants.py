"""Replies to one organization are a function of its own data alone (I13)."""

import asyncio
import re
from pathlib import Path

from tests.attacks.callers import Caller, owner_caller
from tests.attacks.estate import Ids, acme_of, fill, found_globex
from tests.attacks.targets import samples, targets_of
from tests.support.world import World, open_world

_MASKS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "<time>"),
    # Unix times, and the number of a Kisi organization, which is made of its id.
    (re.compile(r"\b\d{10,16}(\.\d+)?\b"), "<number>"),
    (re.compile(r"[0-9a-f]{40,}"), "<hash>"),
    # An entity tag is a hash over ids; a proposed code is random.
    (re.compile(r'W/\\"[0-9a-f]{20}'), "<tag>"),
    (re.compile(r'"code":"\d{4,9}"'), "<code>"),
    (re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}"), "<token>"),
    (re.compile(r"KISI-LOGIN \w+|seam_\w+|rekey_\w+"), "<secret>"),
)
# A hint is the end of a secret; a driver's own figures are of no organization.
_HINTS = re.compile(r'"(hint|secret|password|domain)":"[^"]*"')


async def _everything(world: World, owner: Caller, ids: Ids) -> list[tuple[str, int, str]]:
    """Call every route that only reads, and give what came back, masked."""
    said = []
    for target in targets_of(world):
        if target.method != "GET" or target.is_public or target.route.auth == "refresh":
            continue
        for sample in samples(target, ids):
            answer = await owner.send(target, sample)
            said.append((target.name, answer.status, _masked(answer.body.decode())))
    return said


def _masked(text: str) -> str:
    text = _HINTS.sub("<hint>", text)
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    # Some lists are in the order of ids, which are random: compare what is in them.
    return "},{".join(sorted(text.strip("[{}]").split("},{"))) if text.startswith("[") else text


def _apart(left: str, right: str) -> tuple[str, str]:
    """Give the two texts from where they part."""
    place = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), 0)
    return left[max(0, place - 40) : place + 60], right[max(0, place - 40) : place + 60]


async def _told(data: Path, people_of_others: int) -> list[tuple[str, int, str]]:
    async with open_world(data) as world:
        globex = await found_globex(world)
        ids = await fill(acme_of(world))
        for index in range(people_of_others):
            # The same names and addresses as ours: nothing may be unique over organizations.
            await fill(globex, "a" if index == 0 else f"g{index}")
        owner = await owner_caller(acme_of(world))
        return await _everything(world, owner, ids)


def test_twin_servers_whose_other_organization_differs_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = asyncio.run(_told(tmp_path / "one", 0))
    two = asyncio.run(_told(tmp_path / "two", 3))
    assert [
        (left[0], _apart(left[2], right[2])) for left, right in zip(one, two, strict=True) if left != right
    ] == []
    assert len(one) > 60


def test_nothing_of_another_organization_stands_in_any_answer(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            globex = await found_globex(world)
            theirs, ours = await fill(globex, "zzz-theirs"), await fill(acme_of(world))
            owner = await owner_caller(acme_of(world))
            marks = ["zzz-theirs", "globex.test", globex.organization_id]
            marks += [thing.id for thing in theirs.values() if thing.id]
            for target in targets_of(world):
                if target.method != "GET":
                    continue
                for sample in samples(target, ours):
                    text = (await owner.send(target, sample)).body.decode()
                    assert [mark for mark in marks if mark in text] == [], target.name

    asyncio.run(told())
