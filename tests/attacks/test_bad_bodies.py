"""Bodies that are not JSON as we read it, and members of every wrong type (rows 28, 29, 35, 54, 70; I19)."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.callers import Rivals, among_rivals
from tests.attacks.corpus import NOT_JSON, QUERIES, WRONG_VALUES
from tests.attacks.estate import fill
from tests.attacks.state import state_of
from tests.attacks.targets import Sample, Target, samples, targets_of

DIALECTS = ("native", "kisi", "seam", "doordeck", "scim")
# What the dialects' own tables of errors hold below 500; 413 and 415 are the web kit's.
DOCUMENTED = {400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429}
# The path or nothing at all is their whole input: what stands in the body is not looked at.
BODILESS = {
    "native POST /applications/{application}/secret",
    "native POST /directory/key",
    # A file of another form, judged in the background; no JSON.
    "native POST /imports",
    "native POST /imports/{import}/undo",
    "native POST /doors/{door}/sync",
    "native POST /subscriptions/{subscription}/rotate",
    "native POST /deliveries/{delivery}/replay",
    "native PUT /door_groups/{group}/doors/{door}",
    "native PUT /sites/{site}/administrators/{person}",
    "native PUT /teams/{team}/members/{person}",
    "kisi POST /locks/{id}/unlock",
    "kisi POST /locks/{id}/lock_down",
    "kisi POST /locks/{id}/cancel_lockdown",
    "kisi POST /places/{id}/lock_down",
    "kisi POST /places/{id}/cancel_lockdown",
    "kisi POST /places/{id}/favorite",
    "kisi POST /places/{id}/unfavorite",
    "kisi POST /locks/{id}/favorite",
    "kisi POST /locks/{id}/unfavorite",
    "kisi POST /elevator_stops/{id}/lock_down",
    "kisi POST /elevator_stops/{id}/cancel_lockdown",
    "kisi POST /cards/{id}/deassign",
    "kisi POST /cards/{id}/activate",
    "kisi POST /cards/{id}/deactivate",
    "kisi POST /cards/{token}/activate_with_token",
    "kisi POST /card_assignments/{id}/activate",
    "kisi POST /card_assignments/{id}/deactivate",
    "kisi POST /card_assignments/{token}/activate_with_token",
    # Forms of pages, and files as they are.
    "kisi POST /grouplinks/{secret}",
    "kisi POST /accesskeys/{secret}",
    "kisi POST /oauth/authorize",
    "kisi POST /uploads/{name}",
    "kisi PUT /uploads/{name}",
    "kisi POST /logins/{id}/promote",
    "kisi POST /login/promote",
    "kisi POST /user/2fa/otp_secret",
    "kisi POST /user/2fa/backup_codes",
    "kisi POST /organization/accept_transfer",
    "kisi POST /organization/cancel_transfer",
    "kisi POST /organization/reject_transfer",
    "kisi POST /organization/generate_next_certificate",
    "kisi POST /organization/rotate_certificate",
    "doordeck POST /account/email/reverify",
    "doordeck POST /auth/token/refresh",
    "doordeck POST /auth/token/destroy",
    "doordeck POST /token/destroy",
    "doordeck POST /device",
    "doordeck POST /share/invite/{email}",
    "doordeck PUT /device/{lock}/tile/{tile}",
    "seam POST /health",
    "seam POST /health/get_health",
    # A key of an organization is turned away before its body is looked at: only a person makes workspaces.
    "seam POST /workspaces/create",
}


def reads_a_body(target: Target) -> bool:
    return target.method not in {"GET", "DELETE"} and target.name not in BODILESS


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_body_that_is_not_json_is_refused_by_every_route_that_reads_one(
    dialect: str, tmp_path: Path
) -> None:
    @among_rivals
    async def told(rivals: Rivals) -> None:
        world, ids = rivals.world, await fill(rivals.acme)
        before = state_of(world)
        for target in targets_of(world, dialect):
            if not reads_a_body(target):
                continue
            sample = next(iter(samples(target, ids)))
            for name, body in NOT_JSON.items():
                size = await world.journal_size()
                answer = await rivals.acme_owner.send(target, sample, body)
                assert answer.status in DOCUMENTED, (target.name, name, answer.status, answer.body)
                grown = await world.journal_size() - size
                least, most = 0 if target.is_public or target.reads else 1, 0 if target.is_public else 1
                assert least <= grown <= most, (target.name, name, answer.status, answer.body, grown)
            assert state_of(world) == before, target.name

    told(tmp_path)


@pytest.mark.parametrize("share", [7, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_member_of_a_wrong_type_never_breaks_the_server_nor_half_does_a_thing(
    dialect: str, share: int, tmp_path: Path
) -> None:
    @among_rivals
    async def told(rivals: Rivals) -> None:
        world, ids, turn = rivals.world, await fill(rivals.acme), 0
        for target in targets_of(world, dialect):
            if not reads_a_body(target) or target.method != target.route.methods[0]:
                continue
            for sample in samples(target, ids):
                for spoilt in spoil(sample, share, turn):
                    before, size = state_of(world), await world.journal_size()
                    answer = await rivals.acme_owner.send(target, spoilt)
                    what = (target.name, spoilt, answer.status, answer.body)
                    assert answer.status < 300 or answer.status in DOCUMENTED, what
                    if answer.status >= 300:
                        assert state_of(world) == before, what
                        assert await world.journal_size() <= size + 1, what
            turn += 1
            ids = await fill(rivals.acme, f"t{turn}")

    told(tmp_path)


def spoil(sample: Sample, share: int, turn: int) -> Iterator[Sample]:
    """Give the request once for each member and wrong value of it, and once with a member nobody knows.

    With a share of more than 1 each member gets every so-manieth value, others from route to route.
    """
    body = sample.body or {}
    for index, way in enumerate(_members(body), start=turn):
        for value in WRONG_VALUES[index % share :: share]:
            yield replace(sample, body=_put(body, way, value))
    yield replace(sample, body={**body, "organization_id": "x", "owner": True, "is_admin": True})


def _members(body: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in body.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _members(value, (*above, name))


def _put(body: dict[str, Any], way: tuple[str, ...], value: object) -> dict[str, Any]:
    spoilt = copy.deepcopy(body)
    place = spoilt
    for name in way[:-1]:
        place = place[name]
    place[way[-1]] = value
    return spoilt


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_query_that_no_one_can_read_is_refused_or_ignored(dialect: str, tmp_path: Path) -> None:
    @among_rivals
    async def told(rivals: Rivals) -> None:
        world, ids = rivals.world, await fill(rivals.acme)
        asked_for = [
            (target, next(iter(samples(target, ids))))
            for target in targets_of(world, dialect)
            if target.method == "GET" and target.reads and target.route.auth != "refresh"
        ]
        for target, sample in asked_for:
            # What is made on first need, such as a user's account key, is made now.
            await rivals.acme_owner.send(target, sample)
        before, size = state_of(world), await world.journal_size()
        for target, sample in asked_for:
            path = sample.path
            for query in QUERIES:
                asked = Sample(path=f"{path}{'&' if '?' in path else '?'}{query}", body=None)
                answer = await rivals.acme_owner.send(target, asked)
                assert answer.status < 500, (target.name, query, answer.status, answer.body)
        assert state_of(world) == before
        assert await world.journal_size() == size

    told(tmp_path)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_path_that_names_nothing_is_404_or_400(dialect: str, tmp_path: Path) -> None:
    names = (
        "0",
        "9223372036854775807",
        "9223372036854775808",
        "9" * 5_000,
        "%C2%B2",
        "%D9%A1",
        "%00",
        "..",
        "%2e%2e",
        "a%2fb",
        "%ff",
        "'%20OR%201=1",
        "x" * 3_000,
    )

    @among_rivals
    async def told(rivals: Rivals) -> None:
        world, ids = rivals.world, await fill(rivals.acme)
        before = state_of(world)
        for target in targets_of(world, dialect):
            if "{" not in target.route.path or target.route.operation == "invite_person":
                continue
            body = next(iter(samples(target, ids))).body
            for name in names:
                parts = [name if part.startswith("{") else part for part in target.route.path.split("/")]
                answer = await rivals.acme_owner.send(target, Sample(path="/".join(parts), body=body))
                assert 400 <= answer.status < 500, (target.name, name, answer.status, answer.body)
        assert state_of(world) == before

    told(tmp_path)


@among_rivals
async def test_a_refusal_never_repeats_what_was_sent(rivals: Rivals) -> None:
    ids = await fill(rivals.acme)
    for target in targets_of(rivals.world):
        if not reads_a_body(target):
            continue
        sample = next(iter(samples(target, ids)))
        for body in (b'{"canary-7f3a":', json.dumps({"canary-7f3a": ["canary-7f3a"]}).encode()):
            answer = await rivals.acme_owner.send(target, sample, body)
            assert b"canary-7f3a" not in answer.body, (target.name, answer.body)
