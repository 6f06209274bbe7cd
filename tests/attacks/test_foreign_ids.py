"""Another organization's ids say nothing: neither by status, nor by body, nor by effect (rows 53, 55, 61, 62; I13)."""

import re
from pathlib import Path

import pytest

from tests.attacks.callers import Rivals, among_rivals
from tests.attacks.estate import Ids, fill, unknown_ids
from tests.attacks.state import rows_of, state_of
from tests.attacks.targets import samples, targets_of
from tests.support.asgi import Response

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
_OWN_ID = re.compile(
    r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|W/\\"[0-9a-f]{20}'
)


def masked(answer: Response, ids: Ids) -> tuple[int, str]:
    """Give what an answer says once the names that were sent, ids and times are taken out."""
    text = answer.body.decode()
    for kind, thing in ids.items():
        if thing.id:
            text = text.replace(thing.id, f"<{kind}>")
        if thing.number:
            text = re.sub(rf"\b{thing.number}\b", f"<{kind}>", text)
    return answer.status, _INSTANT.sub("<time>", _OWN_ID.sub("<id>", text))


async def _told_apart(rivals: Rivals, dialect: str) -> list[tuple[object, ...]]:
    foreign, unknown = await fill(rivals.acme), unknown_ids()
    found: list[tuple[object, ...]] = []
    for target in targets_of(rivals.world, dialect):
        if target.is_public or target.route.auth == "refresh" or "destroy" in target.route.path:
            continue
        pairs = zip(samples(target, foreign), samples(target, unknown), strict=True)
        for theirs, nothing in pairs:
            if (theirs.path, theirs.body) == (nothing.path, nothing.body):
                continue
            seen = masked(await rivals.globex_owner.send(target, theirs), foreign)
            absent = masked(await rivals.globex_owner.send(target, nothing), unknown)
            if seen != absent:
                found.append((target.name, theirs.path, seen, absent))
    return found


@pytest.mark.parametrize("dialect", ["native", "kisi", "seam", "doordeck", "scim"])
def test_an_id_of_another_organization_answers_as_one_of_nobody(dialect: str, tmp_path: Path) -> None:
    @among_rivals
    async def told(rivals: Rivals) -> None:
        assert await _told_apart(rivals, dialect) == []

    told(tmp_path)


@among_rivals
async def test_no_call_of_another_organization_changes_anything_of_ours(rivals: Rivals) -> None:
    foreign = await fill(rivals.acme)
    ours = rivals.acme.organization_id
    before = _rows_of(rivals, ours)
    size = await rivals.world.journal_size()
    for target in targets_of(rivals.world):
        if target.is_public:
            continue
        for sample in samples(target, foreign):
            answer = await rivals.globex_owner.send(target, sample)
            assert answer.status < 500, (target.name, answer.body)
    assert _rows_of(rivals, ours) == before
    assert await rivals.world.journal_size() == size


def _rows_of(rivals: Rivals, organization_id: str) -> dict[str, list[object]]:
    return {
        name: [row for row in rows if organization_id in row] for name, rows in rows_of(rivals.world).items()
    }


@among_rivals
async def test_a_seam_key_with_another_workspace_in_its_header_is_401(rivals: Rivals) -> None:
    client = rivals.world.client("/seam", {"authorization": f"Bearer {rivals.globex.keys['seam']}"})
    named = {"seam-workspace": rivals.acme.organization_id}
    assert (await client.send("GET", "/devices/list", named)).status == 401


@among_rivals
async def test_a_batch_that_mixes_own_and_foreign_ids_gives_nothing(rivals: Rivals) -> None:
    own, foreign = await fill(rivals.globex, "x"), await fill(rivals.acme)
    door = own["door"].id
    grants = [{"person": ids["person"].id, "door": door} for ids in (own, foreign)]
    before = state_of(rivals.world)
    answer = await rivals.globex.native().call("POST", "/grants", {"grants": grants})
    assert answer.status == 404
    assert state_of(rivals.world) == before
