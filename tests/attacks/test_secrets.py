"""No secret is said again or kept readable: answers, journal, logs, metrics, store (rows 50, 74, 85; I20)."""

import asyncio
from pathlib import Path

import pytest

from rekey.domain.role import Permission
from tests.attacks.callers import limited_key, nobody, owner_caller
from tests.attacks.estate import acme_of, fill, found_globex
from tests.attacks.state import texts_of
from tests.attacks.targets import samples, targets_of
from tests.dialects.doordeck.signing import Phone
from tests.support.world import OWNER_PASSWORD, World, open_world

CANARY = "canary-Pa55word-9d1f"


async def _secrets_of(world: World) -> list[str]:
    """Have a secret of every kind made and used, and give them all."""
    globex = await found_globex(world)
    owner = acme_of(world)
    key = (await owner.native().done("POST", "/keys", {"name": "Canary"}))["secret"]
    limited = await limited_key(owner, Permission.ESTATE_READ)
    login = await owner.kisi().done(
        "POST", "/logins", {"login": {"type": "device"}, "user": {"domain": "acme", **owner.owner}}
    )
    phone = await Phone(world).register("canary@people.test", CANARY)
    wrong = {"email": "canary@people.test", "password": f"{CANARY}-wrong"}
    assert (await phone.call("POST", "/auth/token", wrong)).status == 401
    for secret in (key, limited):
        api = world.client("/api/v1", {"authorization": f"Bearer {secret}"})
        assert (await api.send("GET", "/doors")).status == 200
    kept = [*owner.keys.values(), *globex.keys.values(), globex.owner["password"]]
    return [*kept, OWNER_PASSWORD, CANARY, key, limited, login["secret"], phone.auth, phone.refresh]


def test_no_secret_is_found_in_answers_journal_logs_metrics_or_store(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            secrets = await _secrets_of(world)
            ids, owner = await fill(acme_of(world)), await owner_caller(acme_of(world))
            said = [texts_of(world)]
            for target in targets_of(world):
                if target.method == "GET":
                    said += [(await owner.send(target, one)).body.decode() for one in samples(target, ids)]
                sample = next(iter(samples(target, ids)))
                answers = [await caller.send(target, sample, b'{"a":') for caller in (nobody(world), owner)]
                said += [answer.body.decode() for answer in answers]
            plain = [await world.client().send("GET", path) for path in ("/metrics", "/healthz", "/readyz")]
            said += [answer.body.decode() for answer in plain]
            shown = capfd.readouterr()
            said += [shown.out, shown.err, texts_of(world)]
            for secret in secrets:
                assert [text[:80] for text in said if secret in text] == [], secret[:6]

    asyncio.run(told())


def test_the_store_keeps_passwords_as_argon2_and_keys_as_fingerprints(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            await _secrets_of(world)
            kept = texts_of(world)
            assert kept.count("$argon2id$") >= 2
            for secret in acme_of(world).keys.values():
                assert world.core.secrets.fingerprint(secret) in kept

    asyncio.run(told())
