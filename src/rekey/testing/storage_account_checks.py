"""What every store promises of challenges, second factors, notices that wait, and what keys say of themselves."""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.domain.errors import NotFound
from rekey.domain.outbox import QueuedNotice
from rekey.domain.second_factor import SecondFactor
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import add_key, add_operator
from rekey.testing.storage_world import World, new_id

ACCOUNTS = Chapter()

_HOUR = timedelta(hours=1)
_VERIFY = ChallengePurpose.VERIFY_EMAIL


def _challenge(subject_id: str = "operator", *, minutes: int = 0, code: str = "code") -> Challenge:
    made = NOON + timedelta(minutes=minutes)
    return Challenge(
        id=new_id(),
        purpose=_VERIFY,
        subject_id=subject_id,
        address="ada@acme.test",
        fingerprint=code,
        sealed_part=b"sealed",
        tries_left=5,
        created_at=made,
        expires_at=made + _HOUR,
    )


def _notice(*, minutes: int) -> QueuedNotice:
    due = NOON + timedelta(minutes=minutes)
    return QueuedNotice(
        id=new_id(),
        sealed_notice=b"sealed",
        subject="Hello",
        created_at=NOON,
        due_at=due,
        expires_at=due + _HOUR,
    )


@ACCOUNTS.promise
async def a_challenge_is_found_by_its_code_and_purpose_alone(world: World) -> None:
    first, second = _challenge(), _challenge(minutes=1)
    await world.act(lambda work: work.challenges.add(first))
    await world.act(lambda work: work.challenges.add(second))
    same(await world.read(lambda view: view.challenges.by_code(_VERIFY, "code")), second)
    other = ChallengePurpose.RESET_PASSWORD
    same(await world.read(lambda view: view.challenges.by_code(other, "code")), None)


@ACCOUNTS.promise
async def a_subjects_challenges_come_newest_first_and_not_another_subjects(world: World) -> None:
    mine = [_challenge("me", minutes=minutes) for minutes in (0, 10, 20)]
    for challenge in (*mine, _challenge("you", minutes=30)):
        await world.act(lambda work, one=challenge: work.challenges.add(one))  # type: ignore[misc]  # bound at once
    since = NOON + timedelta(minutes=5)
    found = await world.read(lambda view: view.challenges.made_since(_VERIFY, "me", since))
    same(found, (mine[2], mine[1]))


@ACCOUNTS.promise
async def what_became_of_a_challenge_is_kept_until_it_is_forgotten(world: World) -> None:
    challenge = _challenge()
    spent = replace(challenge, tries_left=4, spent_at=NOON)
    await world.act(lambda work: work.challenges.add(challenge))
    await world.act(lambda work: work.challenges.replace(spent))
    same(await world.read(lambda view: view.challenges.by_code(_VERIFY, "code")), spent)
    same(await world.act(lambda work: work.challenges.forget_before(spent.expires_at)), 0)
    same(await world.act(lambda work: work.challenges.forget_before(spent.expires_at + _HOUR)), 1)
    same(await world.read(lambda view: view.challenges.by_code(_VERIFY, "code")), None)


@ACCOUNTS.promise
async def an_operator_has_one_second_factor_at_most(world: World) -> None:
    first = SecondFactor(operator_id="operator", sealed_secret=b"one")
    second = SecondFactor(
        operator_id="operator",
        sealed_secret=b"two",
        active_at=NOON,
        last_step=7,
        backup_fingerprints=("a", "b"),
        failures=2,
        failed_at=NOON,
    )
    for factor in (first, second):
        await world.act(lambda work, one=factor: work.second_factors.put(one))  # type: ignore[misc]  # bound at once
    same(await world.read(lambda view: view.second_factors.get("operator")), second)
    same(await world.act(lambda work: work.second_factors.remove("operator")), True)
    same(await world.act(lambda work: work.second_factors.remove("operator")), False)
    same(await world.read(lambda view: view.second_factors.get("operator")), None)


@ACCOUNTS.promise
async def notices_come_when_they_are_due_and_the_longest_waiting_first(world: World) -> None:
    late, early, later = _notice(minutes=5), _notice(minutes=1), _notice(minutes=60)
    for notice in (late, early, later):
        await world.act(lambda work, one=notice: work.outbox.add(one))  # type: ignore[misc]  # bound at once
    at = NOON + timedelta(minutes=5)
    same(await world.read(lambda view: view.outbox.due(at, limit=10)), (early, late))
    same(await world.read(lambda view: view.outbox.due(at, limit=1)), (early,))


@ACCOUNTS.promise
async def a_notice_that_went_out_is_gone(world: World) -> None:
    notice = _notice(minutes=0)
    await world.act(lambda work: work.outbox.add(notice))
    again = replace(notice, tries=1, due_at=NOON + _HOUR)
    await world.act(lambda work: work.outbox.replace(again))
    same(await world.read(lambda view: view.outbox.due(NOON, limit=10)), ())
    same(await world.act(lambda work: work.outbox.remove(notice.id)), True)
    same(await world.act(lambda work: work.outbox.remove(notice.id)), False)
    same(await world.read(lambda view: view.outbox.due(NOON + _HOUR, limit=10)), ())


@ACCOUNTS.promise
async def a_key_keeps_what_it_says_of_itself_and_when_it_was_used(world: World) -> None:
    operator = await world.act(add_operator)
    key = await world.act(lambda work: add_key(work, operator, "secret"))
    told = replace(
        key, name="Phone", is_primary=True, idle_limit=_HOUR, about=(("brand", "Acme"), ("model", "One"))
    )
    await world.act(lambda work: work.keys.replace(told))
    same(await world.act(lambda work: work.keys.touch(key.id, NOON + _HOUR)), True)
    used = replace(told, last_used_at=NOON + _HOUR)
    same(await world.read(lambda view: view.keys.get(key.id)), used)
    same(await world.read(lambda view: view.keys.by_secret("secret")), used)


@ACCOUNTS.promise
async def a_key_that_has_ended_is_changed_no_more(world: World) -> None:
    operator = await world.act(add_operator)
    key = await world.act(lambda work: add_key(work, operator, "secret"))
    await world.act(lambda work: work.keys.end(key.id, NOON))
    same(await world.act(lambda work: work.keys.touch(key.id, NOON)), False)
    await refuses(world.act(lambda work: work.keys.replace(replace(key, name="x"))), NotFound)
