"""Passwords can't be guessed quickly, and nobody is locked out for long."""

import asyncio
import json
from pathlib import Path

import pytest

from rekey.domain.errors import TooManyRequests
from rekey.ports.attempts import AttemptKind
from rekey.webkit.attempt_limit import RATES, AttemptLimit
from tests.dialects.doordeck.signing import PREFIX
from tests.support.world import open_world

SECOND = 1_000_000_000
PASSWORD = AttemptKind.PASSWORD
ONE_ACCOUNT, ONE_ADDRESS = RATES[PASSWORD].account, RATES[PASSWORD].address


class Time:
    now = 0

    def __call__(self) -> int:
        return self.now


def test_an_account_takes_a_burst_of_attempts_and_then_one_every_few_seconds() -> None:
    time = Time()
    limit = AttemptLimit(time)
    for _ in range(ONE_ACCOUNT.burst):
        limit.count(PASSWORD, "acme", "olga@acme.test", "192.0.2.1")
    with pytest.raises(TooManyRequests) as refused:
        limit.count(PASSWORD, "acme", " OLGA@acme.test", "192.0.2.1")
    assert refused.value.retry_after == 6
    time.now += 6 * SECOND
    limit.count(PASSWORD, "acme", "olga@acme.test", "192.0.2.1")


def test_attempts_from_elsewhere_do_not_lock_the_owner_out() -> None:
    limit = AttemptLimit(Time())
    for _ in range(ONE_ACCOUNT.burst):
        limit.count(PASSWORD, "acme", "olga@acme.test", "192.0.2.1")
    limit.count(PASSWORD, "acme", "olga@acme.test", "192.0.2.2")
    limit.count(PASSWORD, "globex", "olga@acme.test", "192.0.2.1")


def test_one_address_may_not_try_a_password_on_many_accounts() -> None:
    limit = AttemptLimit(Time())
    for number in range(ONE_ADDRESS.burst):
        limit.count(PASSWORD, "acme", f"user{number}@acme.test", "192.0.2.1")
    with pytest.raises(TooManyRequests):
        limit.count(PASSWORD, "acme", "olga@acme.test", "192.0.2.1")


def test_too_many_attempts_are_429_even_with_the_right_password(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path, dialects=("doordeck",)) as world:
            client, wrong = world.client(PREFIX), json.dumps({**world.owner, "password": "wrong"})
            told = [
                (await client.send("POST", "/auth/token", {}, wrong)).status for _ in range(ONE_ACCOUNT.burst)
            ]
            assert set(told) == {401}
            refused = await client.send("POST", "/auth/token", {}, json.dumps(world.owner))
            assert (refused.status, refused.json()["code"]) == (429, 429)
            assert 1 <= int(refused.header("retry-after") or 0) <= 6

    asyncio.run(told())
