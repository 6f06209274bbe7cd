"""What every store promises of bundles, their media and PINs at doors."""

from dataclasses import replace
from functools import partial
from typing import Any

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.door_code import CodeStage, CodeWish, DoorCode, Lateness, Reserve
from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import Position
from rekey.domain.people import Person
from rekey.domain.scope import Scope
from rekey.domain.stay import Takeover
from rekey.domain.validity import Validity
from rekey.ports.listing import WHOLE, Listing
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import add_grant, add_person
from rekey.testing.storage_world import World, new_id

BUNDLES = Chapter()


async def _bundle(work: UnitOfWork, **parts: Any) -> Bundle:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "person_id": new_id(),
        "created_at": NOON,
        "updated_at": NOON,
    }
    bundle = Bundle(**plain | parts)
    await work.bundles.add(bundle)
    return bundle


async def _bundles(view: View, *, named: dict[str, Any]) -> Listing[Bundle]:
    return await view.bundles.list(WHOLE, **named)


async def _codes(view: View, *, named: dict[str, Any]) -> Listing[DoorCode]:
    return await view.door_codes.list(WHOLE, **named)


@BUNDLES.promise
async def a_bundle_reads_back_whole_and_is_found_by_its_key_its_person_and_its_stay(world: World) -> None:
    async def add(work: UnitOfWork) -> Bundle:
        return await _bundle(
            work,
            name="Stay",
            external_key="k1",
            stay_key="r1",
            validity=Validity(start=NOON),
            door_ids=(new_id(),),
            door_group_ids=(new_id(), new_id()),
            missing_door_ids=(new_id(),),
            used_door_ids=(new_id(), new_id()),
            made_by=new_id(),
        )

    bundle = await world.act(add)
    await world.act(_bundle)
    same(await world.read(lambda view: view.bundles.get(bundle.id)), bundle)
    same(await world.read(lambda view: view.bundles.by_external_key("k1")), bundle)
    filters: tuple[dict[str, Any], ...] = (
        {"person_id": bundle.person_id},
        {"stay_key": "r1"},
        {"ids": [bundle.id]},
    )
    for named in filters:
        found = await world.read(partial(_bundles, named=named))
        same(found.items, (bundle,))


@BUNDLES.promise
async def the_key_of_a_bundle_is_its_own_until_the_bundle_has_ended(world: World) -> None:
    bundle = await world.act(lambda work: _bundle(work, external_key="k1"))
    await refuses(world.act(lambda work: _bundle(work, external_key="k1")), AlreadyExists)
    ended = replace(bundle, ended_at=NOON)
    await world.act(lambda work: work.bundles.replace(ended))
    same(await world.read(lambda view: view.bundles.get(bundle.id)), None)
    same(await world.read(lambda view: view.bundles.last_known(bundle.id)), ended)
    await world.act(lambda work: _bundle(work, external_key="k1"))


@BUNDLES.promise
async def a_medium_reads_back_whole_and_is_found_by_its_bundle_and_its_credential(world: World) -> None:
    async def add(work: UnitOfWork) -> Medium:
        medium = Medium(
            id=new_id(),
            number=work.next_number(),
            bundle_id=new_id(),
            kind=MediumKind.CARD,
            max_uses=3,
            credential_id=new_id(),
            asked=b"sealed",
            refused_door_ids=(new_id(),),
            issued_at=NOON,
            issues=2,
            web_key_id=new_id(),
            moved_at=NOON,
            lateness=Lateness.LATE,
            former=Validity(end=NOON),
            created_at=NOON,
            updated_at=NOON,
        )
        await work.media.add(medium)
        return medium

    medium = await world.act(add)
    same(await world.read(lambda view: view.media.get(medium.id)), medium)
    same(await world.read(lambda view: view.media.of_credential(medium.credential_id or "")), medium)
    listed = await world.read(lambda view: view.media.list(WHOLE, bundle_ids=[medium.bundle_id]))
    same(listed.items, (medium,))
    waiting = replace(medium, kind=MediumKind.CARD, issued_at=None)
    same(await world.read(lambda view: view.media.waiting_cards()), ())
    await world.act(lambda work: work.media.replace(waiting))
    same(await world.read(lambda view: view.media.waiting_cards()), (waiting,))
    ended = replace(medium, ended_at=NOON)
    same(await world.read(lambda view: view.media.ended_of(medium.bundle_id)), ())
    await world.act(lambda work: work.media.replace(ended))
    same(await world.read(lambda view: view.media.get(medium.id)), None)
    same(await world.read(lambda view: view.media.ended_of(medium.bundle_id)), (ended,))


@BUNDLES.promise
async def what_a_later_stay_took_over_is_lost_from_that_act_on_and_not_before(world: World) -> None:
    async def give(work: UnitOfWork) -> tuple[Person, Bundle, Position]:
        person = await add_person(work)
        bundle = await _bundle(work, person_id=person.id, stay_key="r1")
        door_scope = Scope.door(new_id())
        await add_grant(work, person, door_scope, origin=bundle.origin)
        return person, bundle, work.position

    async def take(work: UnitOfWork) -> Takeover:
        takeover = Takeover(
            bundle_id=bundle.id, door_id=new_id(), by_bundle_id=new_id(), position=work.position, at=NOON
        )
        await work.takeovers.add(takeover)
        await work.takeovers.add(replace(takeover, bundle_id=new_id()))
        return takeover

    person, bundle, before = await world.act(give)
    taken = await world.act(take)
    same(await world.read(lambda view: view.takeovers.of([bundle.id])), (taken,))
    now = await world.read(lambda view: view.access.holder(person.id))
    then = await world.read(lambda view: view.access.holder(person.id, before))
    same(now and now.lost, frozenset({(bundle.origin, taken.door_id)}))
    same(then and then.lost, frozenset())


@BUNDLES.promise
async def a_code_reads_back_whole_and_is_listed_at_its_door_until_it_has_gone(world: World) -> None:
    async def add(work: UnitOfWork) -> DoorCode:
        code = DoorCode(
            id=new_id(),
            number=work.next_number(),
            door_id=new_id(),
            name="Cleaner",
            foreign=True,
            holder_id=new_id(),
            medium_id=new_id(),
            common_key="c1",
            native=False,
            lets_change=True,
            due_at=NOON,
            reserve=Reserve.PULLED,
            stands_in_for=new_id(),
            fingerprint="f",
            sealed_part=b"sealed",
            erasing=True,
            stage=CodeStage.SET,
            stage_since=NOON,
            problem="offline",
            changed_at_door=NOON,
            altered_part=b"altered",
            wish=CodeWish(since=NOON, position=7, old_name="Old", old_window=Validity(start=NOON)),
            settled=6,
            given_up=True,
            created_at=NOON,
            updated_at=NOON,
        )
        await work.door_codes.add(code)
        return code

    code = await world.act(add)
    same(await world.read(lambda view: view.door_codes.get(code.id)), code)
    filters: tuple[dict[str, Any], ...] = (
        {"door_id": code.door_id},
        {"medium_ids": [code.medium_id]},
        {"common_key": "c1"},
        {"ids": [code.id]},
    )
    for named in filters:
        found = await world.read(partial(_codes, named=named))
        same(found.items, (code,))
    await world.act(lambda work: work.door_codes.replace(replace(code, ended_at=NOON)))
    same(await world.read(lambda view: view.door_codes.get(code.id)), None)
    same((await world.read(lambda view: view.door_codes.last_known(code.id))) is None, False)


@BUNDLES.promise
async def the_pin_that_a_code_had_at_a_position_is_found(world: World) -> None:
    for until, sealed in ((5, b"first"), (9, b"second"), (9, b"again")):
        await world.act(partial(_keep_former, code_id="code", until=until, sealed=sealed))
    former = [await world.read(partial(_former, code_id="code", position=at)) for at in (4, 5, 8, 9)]
    same(former, [b"first", b"second", b"second", None])


async def _keep_former(work: UnitOfWork, *, code_id: str, until: int, sealed: bytes) -> None:
    await work.door_codes.keep_former(code_id, until, sealed)


async def _former(view: View, *, code_id: str, position: int) -> bytes | None:
    return await view.door_codes.former(code_id, position)
