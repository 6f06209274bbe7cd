"""What every store promises of operators, keys, orders, door logs and the rest: they read back whole."""

from dataclasses import replace
from datetime import date, timedelta

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.credential import CredentialState
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.ids import DoorId, PersonId, Position
from rekey.domain.operator import Key, KeyKind, Operator
from rekey.domain.people import Person, Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import Change, ChangeKind
from rekey.ports.repositories.journal import SeenOperation
from rekey.ports.repositories.rights import AccessConflict
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import (
    add_block,
    add_credential,
    add_door,
    add_group,
    add_key,
    add_operator,
    add_order,
    add_person,
    add_schedule,
    add_site,
    add_team,
)
from rekey.testing.storage_world import World, new_id

THINGS = Chapter()
_LATER = NOON + timedelta(microseconds=1)


@THINGS.promise
async def things_are_found_by_their_numbers(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Site, Door, DoorGroup, Person, Team, Operator, Key]:
        site, person, operator = await add_site(work), await add_person(work), await add_operator(work)
        door = await add_door(work, site)
        group, team = await add_group(work, door), await add_team(work, person)
        return site, door, group, person, team, operator, await add_key(work, operator, "fingerprint")

    things = await world.act(fill)
    site, door, group, person, team, operator, key = things

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.sites.by_number(site.number),
            await view.doors.by_number(door.number),
            await view.door_groups.by_number(group.number),
            await view.people.by_number(person.number),
            await view.teams.by_number(team.number),
            await view.operators.by_number(operator.number),
            await view.keys.by_number(key.number),
        )

    same(await world.read(look), things)


@THINGS.promise
async def places_and_memberships_are_found_by_their_numbers(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[str, str, str, str]:
        door, person = await add_door(work, await add_site(work)), await add_person(work)
        return (await add_group(work, door)).id, door.id, (await add_team(work, person)).id, person.id

    group_id, door_id, team_id, person_id = await world.act(fill)

    async def look(view: View) -> list[object]:
        place = await view.door_groups.place(group_id, door_id)
        membership = await view.teams.membership(team_id, person_id)
        if place is None or membership is None:
            return []
        return [
            await view.door_groups.place_by_number(place.number) == place,
            await view.teams.membership_by_number(membership.number) == membership,
            (await view.door_groups.places(WHOLE, door_group_id=group_id)).items == (place,),
            (await view.teams.memberships(WHOLE, team_id=team_id)).items == (membership,),
        ]

    same(await world.read(look), [True] * 4)


@THINGS.promise
async def a_schedule_reads_back_with_windows_and_exceptions(world: World) -> None:
    schedule = await world.act(
        lambda work: add_schedule(work, exceptions=frozenset({date(2026, 12, 24), date(2027, 1, 1)}))
    )
    same(await world.read(lambda view: view.schedules.get(schedule.id)), schedule)
    same((await world.read(lambda view: view.schedules.list(WHOLE))).items, (schedule,))


@THINGS.promise
async def times_keep_their_microseconds(world: World) -> None:
    ada = await world.act(add_person)
    validity = Validity(NOON.replace(year=1950, microsecond=1), NOON.replace(year=9000, microsecond=999_999))
    card = await world.act(lambda work: add_credential(work, ada, validity=validity, created_at=_LATER))
    same(await world.read(lambda view: view.credentials.get(card.id)), card)


@THINGS.promise
async def a_credential_keeps_its_bytes_and_is_listed_until_it_ends(world: World) -> None:
    ada = await world.act(add_person)
    card = await world.act(
        lambda work: add_credential(work, ada, public_part=b"\x00\xff", sealed_part=b"'; --")
    )
    listed = await world.read(lambda view: view.credentials.list(WHOLE, person_id=ada.id, kind=card.kind))
    suspended = replace(card, state=CredentialState.SUSPENDED, label="blue")
    await world.act(lambda work: work.credentials.replace(suspended))
    still = await world.read(lambda view: view.credentials.list(WHOLE, person_id=ada.id))
    ended = replace(suspended, state=CredentialState.ENDED, ended_at=_LATER)
    await world.act(lambda work: work.credentials.replace(ended))
    gone = await world.read(lambda view: view.credentials.list(WHOLE, person_id=ada.id))
    same((listed.items, still.items, gone.items), ((card,), (suspended,), ()))


@THINGS.promise
async def standing_blocks_are_told_by_subject_and_cause(world: World) -> None:
    subject = Subject(SubjectKind.PERSON, new_id())
    first = await world.act(lambda work: add_block(work, subject.kind, subject.id, until=NOON))
    second = await world.act(
        lambda work: add_block(work, subject.kind, subject.id, cause=BlockCause.DIRECTORY)
    )
    await world.act(lambda work: add_block(work, SubjectKind.TEAM, subject.id))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.blocks.standing(subject),
            await view.blocks.standing(subject, cause=BlockCause.DIRECTORY),
            await view.blocks.get(first.id),
            await view.blocks.standing_on(subject.kind, [subject.id, new_id()]),
        )

    both = (first, second)
    same(await world.read(look), (both, (second,), first, {subject.id: both}))


@THINGS.promise
async def conflicts_are_listed_by_person(world: World) -> None:
    conflict = AccessConflict(id=new_id(), person_id="ada", at=NOON, via="scim", wanted="in", against="no")
    await world.act(lambda work: work.conflicts.add(conflict))
    await world.act(lambda work: work.conflicts.add(replace(conflict, id=new_id(), person_id="bob")))
    found = await world.read(lambda view: view.conflicts.list(WHOLE, person_id="ada"))
    same(found.items, (conflict,))


@THINGS.promise
async def an_operator_keeps_a_password_hash_until_the_end(world: World) -> None:
    operator = await world.act(lambda work: add_operator(work, person_id="ada"))
    await world.act(lambda work: work.operators.set_password_hash(operator.id, "hash"))
    await world.act(lambda work: work.operators.replace(replace(operator, name="Front desk")))

    async def look(view: View) -> tuple[object, ...]:
        known = await view.operators.of_person("ada")
        return known and known.name, await view.operators.password_hash(operator.id)

    same(await world.read(look), ("Front desk", "hash"))
    await world.act(lambda work: work.operators.end(operator.id))
    same(await world.read(look), (None, None))
    same((await world.read(lambda view: view.operators.list(WHOLE))).items, ())


@THINGS.promise
async def an_ended_key_is_still_found_by_its_secret_but_not_listed(world: World) -> None:
    operator = await world.act(add_operator)
    permissions = frozenset({Permission.DOORS_OPEN, Permission.ESTATE_READ})
    key = await world.act(lambda work: add_key(work, operator, "f", permissions=permissions, expires_at=NOON))
    same(await world.read(lambda view: view.keys.by_secret("f")), key)
    ended = await world.act(lambda work: work.keys.end(key.id, _LATER))
    again = await world.act(lambda work: work.keys.end(key.id, NOON))
    same((ended, again), (True, False))
    same(await world.read(lambda view: view.keys.by_secret("f")), replace(key, ended_at=_LATER))
    same((await world.read(lambda view: view.keys.list(WHOLE))).items, ())


@THINGS.promise
async def all_keys_of_an_operator_end_at_once_or_those_of_one_kind(world: World) -> None:
    operator, other = await world.act(add_operator), await world.act(add_operator)

    async def fill(work: UnitOfWork) -> Key:
        for index, kind in enumerate((KeyKind.SESSION, KeyKind.SESSION, KeyKind.API_KEY)):
            await add_key(work, operator, f"f{index}", kind=kind)
        return await add_key(work, other, "f3")

    kept = await world.act(fill)
    sessions = await world.act(lambda work: work.keys.end_all(operator.id, NOON, kind=KeyKind.SESSION))
    rest = await world.act(lambda work: work.keys.end_all(operator.id, NOON))
    left = await world.read(lambda view: view.keys.list(WHOLE))
    same((sessions, rest, left.items), (2, 1, (kept,)))


@THINGS.promise
async def the_directory_finds_organizations_by_age_domain_and_key(world: World) -> None:
    oldest, directory = World(world.store, world.signer), world.store.directory
    await oldest.found(domain="oldest.test", created_at=NOON - timedelta(days=9))
    operator = await world.act(add_operator)
    await world.act(lambda work: add_key(work, operator, "secret"))
    found = (
        await directory.first_organization(),
        await directory.organization_named("oldest.test"),
        await directory.organization_named("nobody.test"),
        await directory.organization_of_key("secret"),
        await directory.organization_of_key("unknown"),
        await directory.all_organizations(),
    )
    ours, theirs = world.organization_id, oldest.organization_id
    same(found, (theirs, theirs, None, ours, None, (theirs, ours)))


@THINGS.promise
async def orders_are_unfinished_until_their_final_state_and_overdue_past_their_expiry(world: World) -> None:
    site = await world.act(add_site)
    door = await world.act(lambda work: add_door(work, site))
    order = await world.act(lambda work: add_order(work, door, person_id="ada", expires_at=_LATER))

    async def look(view: View) -> list[object]:
        return [
            await view.orders.unfinished(),
            await view.orders.unfinished(door_id=door.id, person_id="ada"),
            await view.orders.unfinished(person_id="bob"),
            await view.orders.overdue(NOON),
            await view.orders.overdue(_LATER),
        ]

    same(await world.read(look), [(order,), (order,), (), (), (order,)])
    lost = replace(order, state=OrderState.FAILED, failure=OrderFailure.LOST, ended_at=_LATER)
    await world.act(lambda work: work.orders.replace(lost))
    same(await world.read(look), [()] * 5)
    same(await world.read(lambda view: view.orders.get(order.id)), lost)
    same((await world.read(lambda view: view.orders.list(WHOLE, door_id=door.id))).items, (lost,))


@THINGS.promise
async def a_change_is_noted_once_in_its_act(world: World) -> None:
    async def work(unit: UnitOfWork) -> Position:
        await unit.changes.add(ChangeKind.PERSON, "ada")
        await unit.changes.add(ChangeKind.PERSON, "ada")
        await unit.changes.add(ChangeKind.DOOR, "gate")
        await unit.changes.add(ChangeKind.PERSON, "bob", Scope.door("gate"))
        await unit.changes.add(ChangeKind.PERSON, "bob", Scope.site("yard"))
        return unit.position

    at = await world.act(work)
    wanted = (
        Change(at, ChangeKind.DOOR, "gate"),
        Change(at, ChangeKind.PERSON, "ada"),
        Change(at, ChangeKind.PERSON, "bob", Scope.door("gate")),
        Change(at, ChangeKind.PERSON, "bob", Scope.site("yard")),
    )
    same(await world.read(lambda view: view.changes.since(at - 1)), wanted)
    same(await world.read(lambda view: view.changes.since(at)), ())


def _entry(seq: int, person: str, kind: EntryKind = EntryKind.PUT, door: str = "gate") -> DoorEntry:
    return DoorEntry(
        door_id=DoorId(door),
        seq=seq,
        kind=kind,
        person_id=PersonId(person),
        terms="{}",
        position=Position(1),
        head=bytes([seq]) * 32,
        at=NOON,
    )


@THINGS.promise
async def a_door_log_knows_the_newest_entry_of_each_person(world: World) -> None:
    ada, bob = _entry(1, "ada"), _entry(2, "bob")
    gone, hatch = _entry(3, "ada", EntryKind.DEL), _entry(1, "ada", door="hatch")
    await world.act(lambda work: work.door_logs.append([ada, bob]))
    await world.act(lambda work: work.door_logs.append([gone, hatch]))

    async def look(view: View) -> list[object]:
        return [
            await view.door_logs.since("gate", 1),
            await view.door_logs.since("gate", 1, up_to=2),
            await view.door_logs.intended("gate"),
            await view.door_logs.intended("gate", ["ada", "unknown"]),
            await view.door_logs.of_person("ada"),
        ]

    wanted = [(bob, gone), (bob,), {"ada": gone, "bob": bob}, {"ada": gone}, (gone, hatch)]
    same(await world.read(look), wanted)


@THINGS.promise
async def a_list_by_pages_has_the_terms_of_everybody_whose_newest_entry_is_a_put(world: World) -> None:
    entries = [_entry(1, "ada"), _entry(2, "bob"), _entry(3, "cleo"), _entry(4, "ada", EntryKind.DEL)]
    await world.act(lambda work: work.door_logs.append(entries))

    async def look(view: View) -> list[list[str]]:
        first = await view.door_logs.listed("gate", after="", most=1)
        rest = await view.door_logs.listed("gate", after=max(first), most=5)
        return [list(first), list(rest), list(await view.door_logs.listed("hatch", after="", most=5))]

    same(await world.read(look), [["bob"], ["cleo"], []])


@THINGS.promise
async def an_entry_is_confirmed_once_by_the_first_read_back_that_showed_it(world: World) -> None:
    entries = [_entry(seq, "ada") for seq in (1, 2, 3)]
    await world.act(lambda work: work.door_logs.append(entries))
    await world.act(lambda work: work.door_logs.confirm("gate", 1, NOON))
    await world.act(lambda work: work.door_logs.confirm("gate", 2, _LATER))
    found = await world.read(lambda view: view.door_logs.since("gate", 0))
    same([entry.confirmed_at for entry in found], [NOON, _LATER, None])


@THINGS.promise
async def where_a_door_stands_reads_back_and_begins_at_nothing(world: World) -> None:
    begin = DoorSync(door_id=DoorId("gate"))
    same(await world.read(lambda view: view.door_logs.sync("gate")), begin)
    sync = replace(begin, seq=4, confirmed_at=NOON, lease_end=_LATER, refuted=frozenset({"b", "a"}))
    await world.act(lambda work: work.door_logs.save_sync(replace(sync, problem="first")))
    await world.act(lambda work: work.door_logs.save_sync(sync))
    same(await world.read(lambda view: view.door_logs.sync("gate")), sync)


@THINGS.promise
async def a_signed_operation_is_remembered_once_until_it_is_forgotten(world: World) -> None:
    seen = SeenOperation(issuer="ada", token_id="1", digest="d", expires_at=NOON)  # noqa: S106  # a name

    async def remember(work: UnitOfWork) -> bool:
        return await work.replays.remember(seen)

    same((await world.act(remember), await world.act(remember)), (True, False))
    kept = await world.act(lambda work: work.replays.forget_before(NOON))
    forgotten = await world.act(lambda work: work.replays.forget_before(_LATER))
    same((kept, forgotten, await world.act(remember)), (0, 1, True))


@THINGS.promise
async def an_organization_can_be_renamed(world: World) -> None:
    await world.act(lambda work: work.organizations.rename("Acme Ltd"))
    same((await world.read(lambda view: view.organizations.get())).name, "Acme Ltd")
