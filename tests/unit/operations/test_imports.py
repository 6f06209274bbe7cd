"""Importing a file of people: all of it or nothing, and back again."""

from datetime import timedelta

import pytest

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Conflict, NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.operations.assign_credential import AssignCredential, assign_credential
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.import_people import ImportUndone, UndoImport, undo_import
from rekey.operations.import_runner import LOST_AFTER, FileOf, ImportRunner, NewImport
from rekey.operations.keep_document import AddDocument, add_document
from rekey.operations.people_file import read_people_file
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

TWO = b"name,email\r\nAda,ada@acme.test\r\nGrace,Grace@Acme.test\r\n"


async def _import(acme: Acme, content: bytes, name: str = "people.csv") -> Document:
    runner = ImportRunner(acme.core)
    begun = await runner.begin(acme.service, NewImport(name=name, content=content))
    await runner.finish(begun.id)
    shown, progress = await runner.show(acme.service, begun.id)
    assert progress is None
    return shown


async def _undo(acme: Acme, document: Document) -> ImportUndone:
    return await acme.do(undo_import, UndoImport(import_id=document.id))


async def _find(acme: Acme, email: str) -> str | None:
    async def look(view: View) -> str | None:
        person = await view.people.by_email(email)
        return None if person is None else person.id

    found: str | None = await acme.read(look)
    return found


async def _count(acme: Acme) -> int:
    async def look(view: View) -> int:
        return len((await view.people.list(WHOLE)).items)

    count: int = await acme.read(look)
    return count


async def test_a_file_adds_all_its_people_in_one_act(acme: Acme) -> None:
    shown = await _import(acme, TWO)
    assert (shown.body["status"], shown.body["people"]) == ("finished", 2)
    assert await _find(acme, "grace@acme.test") is not None
    rows = [row for row in await acme.rows() if row.action == "people.imported"]
    assert [row.detail["people"] for row in rows] == [2]


async def test_a_line_gives_teams_and_door_groups_by_name(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    by_team, team_door = await acme.team(name="Night"), await acme.door("back")
    await acme.grant(_team(by_team), team_door)
    await _import(acme, b"email,teams,door_groups\na@acme.test,Night,Lobby\nb@acme.test,,\n")
    ada, bob = await _find(acme, "a@acme.test"), await _find(acme, "b@acme.test")
    assert ada is not None
    assert bob is not None
    assert (await acme.may(ada, door), await acme.may(ada, team_door)) == (True, True)
    assert (await acme.may(bob, door), await acme.may(bob, team_door)) == (False, False)


async def test_a_validity_bounds_what_the_door_groups_give(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    await _import(acme, b"email,door_groups,valid_from\na@acme.test,Lobby,2999-01-01T00:00:00+01:00\n")
    ada = await _find(acme, "a@acme.test")
    assert ada is not None
    assert not await acme.may(ada, door)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"name,age\nAda,36\n", 1, "'age'"),
        (b"name,name\nAda,Ada\n", 1, "twice"),
        (b"name,email\nAda\n", 2, "1 cells"),
        (b'name,email\n"Ada,ada@acme.test\n', 2, "not CSV"),
        (b"name\n\xff\n", 2, "UTF-8"),
        (b"name,email\nAda,ada\n", 2, "mailbox@domain"),
        (b"phone\n123\n", 2, "E.164"),
        (b"name,email\nAda,a@acme.test\nGrace,A@acme.test\n", 3, "line 2"),
        (b"name,valid_until\nAda,tomorrow\n", 2, "valid_until"),
        (b"name,valid_until\nAda,2030-01-01T00:00:00\n", 2, "time zone"),
        (
            b"name,valid_from,valid_until\nAda,2030-01-02T00:00:00Z,2030-01-01T00:00:00Z\n",
            2,
            "after valid_from",
        ),
        (b"name\n", 1, "nobody"),
    ],
)
async def test_a_bad_file_is_refused_with_its_line(content: bytes, line: int, reason: str) -> None:
    problems = read_people_file(content).problems
    assert [problem.line for problem in problems] == [line]
    assert reason in problems[0].reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name,email\nNew,new@acme.test\nOld,old@acme.test\n", "old@acme.test belongs to somebody"),
        (b"name,teams\nNew,\nOld,Nowhere\n", "no team is named 'Nowhere'"),
        (b"name,door_groups\nNew,\nOld,Nowhere\n", "no door group is named 'Nowhere'"),
        (b"name,valid_until\nNew,\nOld,2001-01-01T00:00:00Z\n", "valid_until has passed"),
    ],
)
async def test_a_file_that_clashes_with_what_is_there_changes_nothing(
    acme: Acme, content: bytes, reason: str
) -> None:
    await acme.person("Old", email="old@acme.test")
    before = await _count(acme)
    shown = await _import(acme, content)
    assert shown.body["status"] == "failed"
    problems = shown.body["problems"]
    assert isinstance(problems, list)
    assert isinstance(problems[0], dict)
    assert problems[0]["line"] == 3
    assert reason in str(problems[0]["reason"])
    assert await _count(acme) == before


async def test_an_import_needs_the_power_to_give_what_it_gives(acme: Acme) -> None:
    await acme.door_group(await acme.door(), name="Lobby")
    person = await acme.person("Uma", email="uma@acme.test")
    await acme.grant(person, acme.everywhere, Role.USER_MANAGER)
    runner = ImportRunner(acme.core)
    begun = await runner.begin(
        await acme.account(person), NewImport(name="x", content=b"name,door_groups\nAda,Lobby\n")
    )
    await runner.finish(begun.id)
    shown, _progress = await runner.show(acme.service, begun.id)
    assert shown.body["status"] == "failed"
    assert "may not write grants" in str(shown.body["problems"])


async def test_somebody_without_power_over_people_begins_no_import(acme: Acme) -> None:
    person = await acme.person("Uma", email="uma@acme.test")
    with pytest.raises(NotAllowed):
        await ImportRunner(acme.core).begin(await acme.account(person), NewImport(name="x", content=TWO))


async def test_an_import_whose_server_died_is_failed_to_whoever_lists_it(acme: Acme) -> None:
    body: DocumentBody = {"name": "staff.csv", "about": "people", "status": "in_progress"}
    begun = await acme.core.perform(
        add_document, acme.service, AddDocument(kind=DocumentKind.IMPORT, body=body)
    )
    anew = ImportRunner(acme.core)
    assert anew.as_it_stands(begun).body["status"] == "in_progress"
    acme.clock.advance(LOST_AFTER)
    assert anew.as_it_stands(begun).body["status"] == "failed"


async def test_an_undone_import_leaves_nobody_and_no_access(acme: Acme) -> None:
    door = await acme.door()
    await acme.door_group(door, name="Lobby")
    before = await _count(acme)
    shown = await _import(acme, b"email,door_groups\na@acme.test,Lobby\n")
    ada = await _find(acme, "a@acme.test")
    assert ada is not None
    undone = (await _undo(acme, shown)).undone
    assert (undone.people, undone.grants, undone.kept) == (1, 1, ())
    assert await _count(acme) == before
    assert not await acme.may(ada, door)


async def test_an_import_is_undone_once(acme: Acme) -> None:
    shown = await _import(acme, TWO)
    await _undo(acme, shown)
    with pytest.raises(Conflict):
        await _undo(acme, shown)
    with pytest.raises(NotFound):
        await acme.do(undo_import, UndoImport(import_id="nothing"))


async def test_a_failed_import_has_nothing_to_undo(acme: Acme) -> None:
    with pytest.raises(Conflict):
        await _undo(acme, await _import(acme, b""))


async def test_undoing_keeps_whoever_was_changed_or_given_something_since(acme: Acme) -> None:
    shown = await _import(acme, b"email\na@acme.test\nb@acme.test\nc@acme.test\n")
    changed, given = await _find(acme, "a@acme.test"), await _find(acme, "b@acme.test")
    assert changed is not None
    assert given is not None
    await acme.do(edit_person, EditPerson(person_id=changed, name="Ada"))
    await acme.grant(given, await acme.door())
    undone = (await _undo(acme, shown)).undone
    assert (undone.people, undone.kept) == (1, (changed, given))
    assert await _find(acme, "c@acme.test") is None


async def test_the_document_of_an_import_tells_its_name_and_hash(acme: Acme) -> None:
    shown = await _import(acme, TWO, name="staff.csv")
    assert (shown.kind, shown.body["name"], len(str(shown.body["sha256"]))) == (
        DocumentKind.IMPORT,
        "staff.csv",
        64,
    )


def _team(team_id: str) -> Holder:
    return Holder.team(team_id)


CARDS = b"type,uid,facility_code,card_number,label,email\r\nhf_uid,04:A1:B2:C3,,,White,ada@acme.test\r\n"
MORE = CARDS + b"hid_h10301,,007,42,,\r\n"


async def _import_cards(acme: Acme, content: bytes) -> Document:
    runner = ImportRunner(acme.core)
    wanted = NewImport(name="cards.csv", content=content, about=FileOf.CARDS)
    begun = await runner.begin(acme.service, wanted)
    await runner.finish(begun.id)
    shown, _progress = await runner.show(acme.service, begun.id)
    return shown


async def _cards(acme: Acme) -> list[Credential]:
    async def look(view: View) -> list[Credential]:
        return list((await view.credentials.list(WHOLE, kind=CredentialKind.CARD)).items)

    cards: list[Credential] = await acme.read(look)
    return cards


async def test_a_file_of_cards_enrols_all_in_one_act_and_those_of_named_people_in_use(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    shown = await _import_cards(acme, MORE)
    assert (shown.body["status"], shown.body["cards"], shown.body["held"]) == ("finished", 2, 1)
    first, second = await _cards(acme)
    assert (first.person_id, first.state, first.label) == (ada, CredentialState.ACTIVE, "White")
    assert (second.holder, second.state) == (None, CredentialState.UNASSIGNED)
    assert second.identifiers == (("facility_code", "7"), ("card_number", "42"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"type,uid\ngolden,04a1b2c3\n", "type"),
        (b"type,uid\nhf_uid,xyz\n", "uid"),
        (b"type,uid,card_number\nhf_uid,04a1b2c3,7\n", "card_number"),
        (b"type,uid\nhf_uid,04a1b2c3\nhf_uid,04:a1:b2:c3\n", "line 2 too"),
        (b"type,uid,email\nhf_uid,04a1b2c3,nobody@acme.test\n", "nobody here"),
        (b"type,colour\nhf_uid,red\n", "no column"),
        (b"type,uid\n", "names no card"),
    ],
)
async def test_a_file_of_cards_with_any_problem_enrols_none(acme: Acme, content: bytes, reason: str) -> None:
    shown = await _import_cards(acme, content)
    assert shown.body["status"] == "failed"
    assert reason in str(shown.body["problems"])
    assert await _cards(acme) == []


async def test_cards_that_are_enrolled_already_fail_the_file(acme: Acme) -> None:
    await acme.person("Ada", email="ada@acme.test")
    await _import_cards(acme, CARDS)
    assert "enrolled already" in str((await _import_cards(acme, MORE)).body["problems"])


async def test_no_card_is_imported_for_somebody_who_left(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    await acme.revoke(ada, acme.everywhere, leaving=True)
    shown = await _import_cards(acme, CARDS)
    assert "left" in str(shown.body["problems"])


async def test_undoing_a_file_of_cards_ends_those_that_nobody_got_since(acme: Acme) -> None:
    await acme.person("Ada", email="ada@acme.test")
    bob = await acme.person("Bob", email="bob@acme.test")
    shown = await _import_cards(acme, MORE)
    _held, free = await _cards(acme)
    acme.clock.advance(timedelta(minutes=1))
    await acme.do(assign_credential, AssignCredential(credential_id=free.id, holder=Holder.person(bob)))
    assert (await _undo(acme, shown)).undone.credentials == 1
    assert [card.id for card in await _cards(acme)] == [free.id]
