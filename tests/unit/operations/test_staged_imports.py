"""What holds of a file that was made ready while other acts went on."""

from collections.abc import Sequence

import pytest

from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import AlreadyExists, Conflict, Invalid
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.card_file import read_card_file
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.edit_team import EditTeam, edit_team
from rekey.operations.import_cards import ImportCards, import_cards
from rekey.operations.import_people import Imported, ImportPeople, UndoImport, import_people, undo_import
from rekey.operations.import_runner import ImportRunner, NewImport
from rekey.operations.keep_document import AddDocument, add_document
from rekey.operations.people_file import no_progress, read_people_file
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.operations.staged_cards import StagedCards, stage_cards
from rekey.operations.staged_people import StagedPeople, stage_people
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import AccessConflict
from rekey.ports.store import View
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

ADA = b"email,teams,door_groups\nada@acme.test,Night,Lobby\n"
CARD = b"type,uid,email\nhf_uid,04:A1:B2:C3,ada@acme.test\n"


async def _people(acme: Acme, content: bytes) -> StagedPeople:
    lines = read_people_file(content).people
    return await stage_people(acme.core, acme.service, lines, origin="", progress=no_progress)


async def _cards(acme: Acme, content: bytes = CARD) -> StagedCards:
    lines = read_card_file(content).cards
    return await stage_cards(acme.core, acme.service, lines, origin="", progress=no_progress)


async def _document(acme: Acme) -> Document:
    return await acme.do(add_document, AddDocument(kind=DocumentKind.IMPORT, body={}))


async def _write(acme: Acme, staged: StagedPeople) -> Imported:
    return await acme.do(import_people, ImportPeople(import_id=(await _document(acme)).id, staged=staged))


async def _write_cards(acme: Acme, staged: StagedCards) -> None:
    await acme.do(import_cards, ImportCards(import_id=(await _document(acme)).id, staged=staged))


async def _import(acme: Acme, content: bytes) -> Document:
    runner = ImportRunner(acme.core)
    begun = await runner.begin(acme.service, NewImport(name="x", content=content))
    await runner.finish(begun.id)
    return (await runner.show(acme.service, begun.id))[0]


async def _by_email(acme: Acme, email: str) -> str | None:
    async def look(view: View) -> str | None:
        person = await view.people.by_email(email)
        return None if person is None else person.id

    found: str | None = await acme.read(look)
    return found


async def _conflicts(acme: Acme, person_id: str) -> Sequence[AccessConflict]:
    async def look(view: View) -> Sequence[AccessConflict]:
        return (await view.conflicts.list(WHOLE, person_id=person_id)).items

    found: Sequence[AccessConflict] = await acme.read(look)
    return found


async def test_who_took_an_address_meanwhile_keeps_it_and_nobody_is_added(acme: Acme) -> None:
    staged = await _people(acme, b"email\nbob@acme.test\nada@acme.test\n")
    await acme.person("Ada", email="ada@acme.test")
    with pytest.raises(AlreadyExists):
        await _write(acme, staged)
    assert await _by_email(acme, "bob@acme.test") is None


async def test_a_team_that_was_renamed_meanwhile_has_the_file_checked_anew(acme: Acme) -> None:
    await acme.door_group(await acme.door(), name="Lobby")
    team = await acme.team(name="Night")
    staged = await _people(acme, ADA)
    await acme.do(edit_team, EditTeam(team_id=team, name="Day"))
    with pytest.raises(Conflict):
        await _write(acme, staged)
    assert await _by_email(acme, "ada@acme.test") is None


async def test_an_act_that_concerns_nobody_of_the_file_does_not_stop_it(acme: Acme) -> None:
    ada, bob = await acme.person("Ada", email="ada@acme.test"), await acme.person("Bob")
    people, cards = await _people(acme, b"email\ncarl@acme.test\n"), await _cards(acme)
    await acme.do(edit_person, EditPerson(person_id=bob, name="Other"))
    await acme.do(edit_person, EditPerson(person_id=ada, name="Ada Lovelace"))
    await _write(acme, people)
    await _write_cards(acme, cards)
    assert await _by_email(acme, "carl@acme.test") is not None


async def test_no_card_is_made_for_who_left_after_the_check(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    staged = await _cards(acme)
    await acme.do(revoke_person, RevokePerson(person_id=ada, scope=acme.everywhere, leaving=True))
    with pytest.raises(Invalid, match=r"line 2: ada@acme\.test left"):
        await _write_cards(acme, staged)


async def test_no_card_is_made_for_who_was_removed_after_the_check(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    staged = await _cards(acme)
    await acme.do(remove_person, RemovePerson(person_id=ada))
    with pytest.raises(Invalid, match="line 2: nobody here has the address"):
        await _write_cards(acme, staged)


async def test_no_card_goes_to_another_person_than_the_one_who_was_checked(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    staged = await _cards(acme)
    await acme.do(edit_person, EditPerson(person_id=ada, email="lovelace@acme.test"))
    await acme.do(add_person, AddPerson(name="Adam", email="ada@acme.test"))
    with pytest.raises(Invalid, match="went to somebody else"):
        await _write_cards(acme, staged)


async def test_a_card_that_was_enrolled_meanwhile_is_not_enrolled_twice(acme: Acme) -> None:
    await acme.person("Ada", email="ada@acme.test")
    first, second = await _cards(acme), await _cards(acme)
    await _write_cards(acme, first)
    with pytest.raises(AlreadyExists):
        await _write_cards(acme, second)


async def test_a_file_brings_nobody_back_whom_an_operator_removed(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    await acme.team(name="Night")
    first = await acme.person("Ada", email="ada@acme.test")
    await acme.do(remove_person, RemovePerson(person_id=first))
    shown = await _import(acme, ADA)
    assert (shown.body["status"], shown.body["carried_revocations"]) == ("finished", 1)
    again = await _by_email(acme, "ada@acme.test")
    assert again is not None
    assert not await acme.may(again, door)
    assert len(await _conflicts(acme, again)) == 1
    await acme.grant(again, Scope.door(door), Role.BASIC)
    assert await acme.may(again, door)


async def test_a_file_brings_nobody_back_whom_an_operator_removed_after_the_check(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    await acme.team(name="Night")
    first = await acme.person("Ada", email="lovelace@acme.test")
    staged = await _people(acme, ADA)
    await acme.do(edit_person, EditPerson(person_id=first, email="ada@acme.test"))
    await acme.do(remove_person, RemovePerson(person_id=first))
    assert (await _write(acme, staged)).carried == 1
    again = await _by_email(acme, "ada@acme.test")
    assert again is not None
    assert not await acme.may(again, door)


async def test_whom_nobody_said_no_to_comes_in_again_after_an_undone_import(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    await acme.team(name="Night")
    shown = await _import(acme, ADA)
    await acme.do(undo_import, UndoImport(import_id=shown.id))
    assert (await _import(acme, ADA)).body["carried_revocations"] == 0
    ada = await _by_email(acme, "ada@acme.test")
    assert ada is not None
    assert await acme.may(ada, door)
