"""What was given together: grants and media of one bundle come, change and end as one, and obey every no."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.bundle import Bundle, MediumKind
from rekey.domain.credential import CredentialState
from rekey.domain.errors import AlreadyExists, Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.validity import Validity
from rekey.operations.act import Operation
from rekey.operations.add_person import AddPerson
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.edit_bundle import EditBundle, edit_bundle
from rekey.operations.end_bundle import (
    AddMedia,
    BindCard,
    EndBundle,
    EndMedia,
    add_media,
    bind_card,
    end_bundle,
    end_media,
)
from rekey.operations.give_bundle import BundleGiven, GiveBundle, give_bundle
from rekey.operations.imprints import reveal_code
from rekey.operations.pins import DoorFacts
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_card, pin

pytestmark = pytest.mark.anyio

CODE, CARD, CLOUD = (
    WantedMedium(kind=kind) for kind in (MediumKind.CODE, MediumKind.CARD, MediumKind.CLOUD_KEY)
)
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def facts(*doors: str) -> tuple[DoorFacts, ...]:
    return tuple(DoorFacts(door_id=door, lengths=(4,)) for door in doors)


async def given(acme: Acme, person: str, *doors: str, **terms: object) -> BundleGiven:
    plain: dict[str, object] = {
        "person_id": person,
        "validity": Validity(),
        "door_ids": doors,
        "media": (CODE,),
        "facts": facts(*doors),
    }
    made = await acme.do(give_bundle, GiveBundle(**plain | terms))  # type: ignore[arg-type]  # fields by name
    await acme.world.settle()
    return made


async def digits_of(acme: Acme, made: BundleGiven) -> str:
    credential = await acme.read(lambda view: view.credentials.get(made.codes[0].id))
    return reveal_code(acme.core.secrets, credential) or ""


async def bundle_now(acme: Acme, bundle: Bundle) -> Bundle | None:
    found: Bundle | None = await acme.read(lambda view: view.bundles.get(bundle.id))
    return found


async def test_a_bundle_opens_its_doors_to_the_person_and_to_the_pin(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    made = await given(acme, ada, front)
    digits = await digits_of(acme, made)
    assert (await acme.may(ada, front), await acme.may(ada, back)) == (True, False)
    assert acme.simulated.read(front, pin(digits))
    assert not acme.simulated.read(back, pin(digits))


async def test_one_row_tells_of_a_bundle_and_never_the_digits(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    before = len(await acme.rows())
    made = await acme.do(
        give_bundle,
        GiveBundle(person_id=ada, validity=Validity(), door_ids=(front,), media=(CODE,), facts=facts(front)),
    )
    (row,) = (await acme.rows())[before:]
    assert (row.action, row.person_id, row.door_id) == ("bundle.given", ada, front)
    assert await digits_of(acme, made) not in str(row.detail)


async def test_a_newcomer_is_added_with_the_bundle_or_not_at_all(acme: Acme) -> None:
    before = await acme.state()
    wanted = GiveBundle(
        newcomer=AddPerson(name="Ada"), validity=Validity(), door_ids=(UNKNOWN,), media=(CODE,)
    )
    with pytest.raises(NotFound):
        await acme.do(give_bundle, wanted)
    assert await acme.state() == before


@pytest.mark.parametrize("terms", [{"door_ids": ()}, {"media": ()}, {"person_id": None}])
async def test_a_bundle_without_places_media_or_a_person_is_refused(
    acme: Acme, terms: dict[str, object]
) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    before = await acme.state()
    with pytest.raises(Invalid):
        await given(acme, ada, front, **terms)
    assert await acme.state() == before


async def test_a_window_that_is_over_is_refused(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    with pytest.raises(Invalid, match="end"):
        await given(acme, ada, front, validity=Validity(end=NOON - timedelta(hours=1)))


async def test_the_key_of_a_bundle_is_its_own(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    await given(acme, ada, front, external_key="k1")
    with pytest.raises(AlreadyExists):
        await given(acme, ada, front, external_key="k1")


async def test_whoever_may_not_grant_at_the_doors_gives_edits_and_ends_no_bundle(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    made = await given(acme, ada, front)
    mallory = await acme.account(await acme.person("Mallory", email="mallory@acme.test"))
    bundle_id, medium_id = made.bundle.id, made.media[0].id
    before = await acme.state()
    refused: tuple[tuple[Operation[Any, Any], object], ...] = (
        (give_bundle, GiveBundle(person_id=ada, validity=Validity(), door_ids=(front,), media=(CODE,))),
        (edit_bundle, EditBundle(bundle_id=bundle_id, name="mine")),
        (end_bundle, EndBundle(bundle_id=bundle_id)),
        (add_media, AddMedia(bundle_id=bundle_id, media=(CLOUD,))),
        (end_media, EndMedia(medium_ids=(medium_id,))),
        (bind_card, BindCard(medium_id=medium_id)),
    )
    for operation, wanted in refused:
        with pytest.raises(NotAllowed):
            await acme.do(operation, wanted, by=mallory)
    assert await acme.state() == before


async def test_ending_a_bundle_ends_its_paths_and_its_pin_and_nothing_else_of_the_person(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    own = await acme.grant(ada, back)
    made = await given(acme, ada, front)
    digits = await digits_of(acme, made)
    await acme.do(end_bundle, EndBundle(bundle_id=made.bundle.id))
    await acme.world.settle()
    assert (await acme.may(ada, front), await acme.may(ada, back)) == (False, True)
    assert not acme.simulated.read(front, pin(digits))
    grants = (await acme.read(lambda view: view.grants.list(WHOLE))).items
    assert own.id in [grant.id for grant in grants]
    assert (await acme.read(lambda view: view.revocations.list(WHOLE))).items == ()
    with pytest.raises(NotFound):
        await acme.do(end_bundle, EndBundle(bundle_id=made.bundle.id))


async def test_ending_a_bundle_leaves_another_one_at_the_same_door(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    first, second = await given(acme, ada, front), await given(acme, ada, front)
    await acme.do(end_bundle, EndBundle(bundle_id=first.bundle.id))
    await acme.world.settle()
    assert await acme.may(ada, front)
    assert acme.simulated.read(front, pin(await digits_of(acme, second)))


async def test_another_window_holds_for_the_grants_and_the_pin_and_keeps_the_digits(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    made = await given(acme, ada, front)
    digits = await digits_of(acme, made)
    window = Validity(start=NOON, end=NOON + timedelta(hours=1))
    edited = await acme.do(edit_bundle, EditBundle(bundle_id=made.bundle.id, validity=window))
    await acme.world.settle()
    assert [medium.id for medium in edited.reissued] == [made.media[0].id]
    assert (await acme.may(ada, front), acme.simulated.read(front, pin(digits))) == (True, True)
    acme.pass_time(hours=1)
    assert (await acme.may(ada, front), acme.simulated.read(front, pin(digits))) == (False, False)


async def test_an_edit_gives_nothing_back_that_somebody_revoked(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    made = await given(acme, ada, front, back)
    await acme.revoke(ada, front)
    await acme.do(edit_bundle, EditBundle(bundle_id=made.bundle.id, name="Stay"))
    assert (await acme.may(ada, front), await acme.may(ada, back)) == (False, True)


async def test_places_that_are_named_replace_those_before(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    made = await given(acme, ada, front)
    digits = await digits_of(acme, made)
    wanted = EditBundle(bundle_id=made.bundle.id, door_ids=(back,), facts=facts(back))
    await acme.do(edit_bundle, wanted)
    await acme.world.settle()
    assert (await acme.may(ada, front), await acme.may(ada, back)) == (False, True)
    assert not acme.simulated.read(front, pin(digits))
    assert acme.simulated.read(back, pin(digits))


async def test_a_medium_is_added_and_ended_alone(acme: Acme) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    made = await given(acme, ada, front, media=(CLOUD,))
    more = await acme.do(add_media, AddMedia(bundle_id=made.bundle.id, media=(CODE,), facts=facts(front)))
    await acme.world.settle()
    digits = await digits_of(acme, more)
    assert acme.simulated.read(front, pin(digits))
    await acme.do(end_media, EndMedia(medium_ids=(more.media[0].id,)))
    await acme.world.settle()
    assert not acme.simulated.read(front, pin(digits))
    assert await acme.may(ada, front)
    assert await bundle_now(acme, made.bundle) is not None


async def test_a_door_without_a_keypad_is_noted_as_missing_and_opens_to_the_person(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    made = await given(acme, ada, front, back, facts=facts(front))
    assert made.bundle.missing_door_ids == (back,)
    assert await acme.may(ada, back)


async def test_a_card_is_bound_within_the_bundle_and_goes_back_to_stock_at_its_end(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    card = await a_card(acme)
    made = await given(acme, ada, front, media=(CARD,))
    wanted = BindCard(medium_id=made.media[0].id, credential_id=card.id)
    await acme.do(bind_card, wanted)
    held = await acme.read(lambda view: view.credentials.get(card.id))
    assert (held.person_id, held.door_ids) == (ada, frozenset({front}))
    await acme.do(end_bundle, EndBundle(bundle_id=made.bundle.id))
    free = await acme.read(lambda view: view.credentials.get(card.id))
    assert (free.holder, free.door_ids, free.state) == (None, frozenset(), CredentialState.UNASSIGNED)
    assert not await acme.may(ada, back)


async def test_a_card_of_somebody_else_is_not_bound(acme: Acme) -> None:
    ada, ben, front = await acme.person("Ada"), await acme.person("Ben"), await acme.door()
    card = await a_card(acme, ben)
    made = await given(acme, ada, front, media=(CARD,))
    with pytest.raises(Conflict):
        await acme.do(bind_card, BindCard(medium_id=made.media[0].id, credential_id=card.id))
