"""What every store promises of consents and of the keys that come of them."""

from dataclasses import replace
from typing import Any

from rekey.domain.consent import Consent
from rekey.domain.ids import ApplicationId, ConsentId, KeyId, OperatorId
from rekey.domain.operator import Key, KeyKind
from rekey.ports.store import UnitOfWork
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_world import World, new_id

CONSENTS = Chapter()


async def _consent(work: UnitOfWork, **parts: Any) -> Consent:
    plain: dict[str, Any] = {
        "id": ConsentId(new_id()),
        "application_id": ApplicationId(new_id()),
        "operator_id": OperatorId(new_id()),
        "return_url": "https://calendar.test/back",
        "return_named": True,
        "created_at": NOON,
    }
    consent = Consent(**plain | parts)
    await work.consents.add(consent)
    return consent


@CONSENTS.promise
async def a_consent_reads_back_whole(world: World) -> None:
    kept = await world.act(lambda work: _consent(work, challenge="c" * 43, return_named=False))
    same(await world.read(lambda view: view.consents.get(kept.id)), kept)
    same(await world.read(lambda view: view.consents.get(new_id())), None)


@CONSENTS.promise
async def a_key_names_the_consent_that_it_came_of(world: World) -> None:
    async def keep(work: UnitOfWork) -> Key:
        consent = await _consent(work)
        key = Key(
            id=KeyId(new_id()),
            number=work.next_number(),
            operator_id=consent.operator_id,
            kind=KeyKind.CONSENT_ACCESS,
            name="Calendar",
            via="any",
            created_at=NOON,
            consent_id=consent.id,
        )
        await work.keys.add(key, "fingerprint of a consent")
        return key

    key = await world.act(keep)
    same(await world.read(lambda view: view.keys.by_secret("fingerprint of a consent")), key)
    await world.act(lambda work: work.keys.end(key.id, NOON))
    same(await world.read(lambda view: view.keys.get(key.id)), replace(key, ended_at=NOON))
