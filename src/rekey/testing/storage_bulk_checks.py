"""What every store promises of many credentials that are written in one act, and taken back."""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.ids import CredentialId, PersonId
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import add_person
from rekey.testing.storage_world import World, new_id

BULK = Chapter()
_LATER = NOON + timedelta(hours=1)


def _card(work: UnitOfWork, fingerprint: str, person_id: str | None = None) -> Credential:
    held = person_id is not None
    return Credential(
        id=CredentialId(new_id()),
        number=work.next_number(),
        person_id=None if person_id is None else PersonId(person_id),
        kind=CredentialKind.CARD,
        fingerprint=fingerprint,
        state=CredentialState.ACTIVE if held else CredentialState.UNASSIGNED,
        activated_at=NOON if held else None,
        created_at=NOON,
    )


@BULK.promise
async def many_cards_are_added_found_and_known_as_taken(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        cards = [_card(work, f"print-{index}") for index in range(3)]
        await work.bulk.add_credentials(cards)
        same((await work.credentials.list(WHOLE)).items, tuple(cards))
        taken = await work.bulk.taken_fingerprints(CredentialKind.CARD, ["print-1", "print-9"])
        same(taken, frozenset({"print-1"}))
        same(await work.bulk.taken_fingerprints(CredentialKind.PIN, ["print-1"]), frozenset())

    await world.act(act)


@BULK.promise
async def people_are_found_by_many_addresses(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        ada = await add_person(work, email="ada@acme.test")
        found = await work.bulk.people_with(["ada@acme.test", "nobody@acme.test"])
        same(found, {"ada@acme.test": ada.id})

    await world.act(act)


@BULK.promise
async def undoing_ends_the_cards_that_nobody_got_since(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        ada = await add_person(work, email="ada@acme.test")
        first = work.next_number()
        cards = [_card(work, "free"), _card(work, "held", ada.id), _card(work, "turned", ada.id)]
        await work.bulk.add_credentials(cards)
        last = work.next_number()
        turned = await work.credentials.get(cards[2].id)
        if turned is not None:
            await work.credentials.replace(replace(turned, state=CredentialState.SUSPENDED))
        undone = await work.bulk.undo(first=first, last=last, position=work.position, at=_LATER)
        same(undone.credentials, 2)
        same([card.id for card in (await work.credentials.list(WHOLE)).items], [cards[2].id])

    await world.act(act)
