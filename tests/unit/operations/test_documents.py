"""Documents, annotations and preferences: what wire APIs keep beside the core."""

import pytest

from rekey.domain.document import DOCUMENT_RULES, DocumentBody, DocumentKind
from rekey.domain.errors import AlreadyExists, Invalid, NotAllowed, NotFound
from rekey.domain.operator import Actor
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.annotate import (
    Annotate,
    AnnotatedKind,
    KeepPreference,
    all_preferences_of,
    annotate,
    annotation_of,
    annotations_of,
    keep_preference,
    preferences_of,
)
from rekey.operations.keep_document import (
    AddDocument,
    EditDocument,
    EndDocument,
    add_document,
    edit_document,
    end_document,
)
from rekey.operations.remove_person import RemovePerson, remove_person
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


def _floor(acme: Acme, **parts: str | int) -> AddDocument:
    body: DocumentBody = {"name": "Ground"}
    body.update(parts)
    return AddDocument(kind=DocumentKind.FLOOR, parent_id=acme.world.site_id, body=body)


async def _signed_in(acme: Acme, name: str, role: Role | None = None) -> tuple[str, Actor]:
    person = await acme.person(name, email=f"{name.lower()}@acme.test")
    if role is not None:
        await acme.grant(person, acme.everywhere, role=role)
    return person, await acme.account(person)


def test_every_kind_has_a_rule() -> None:
    assert set(DOCUMENT_RULES) == set(DocumentKind)


async def test_a_document_is_kept_changed_and_ended(acme: Acme) -> None:
    floor = await acme.do(add_document, _floor(acme, level=0))
    changed = EditDocument(
        kind=DocumentKind.FLOOR, document_id=floor.id, changes={"level": None, "name": "Lobby"}
    )
    assert (await acme.do(edit_document, changed)).body == {"name": "Lobby"}
    await acme.do(end_document, EndDocument(kind=DocumentKind.FLOOR, document_id=floor.id))
    with pytest.raises(NotFound):
        await acme.do(end_document, EndDocument(kind=DocumentKind.FLOOR, document_id=floor.id))


async def test_a_document_belongs_to_a_parent_that_there_is(acme: Acme) -> None:
    with pytest.raises(NotFound):
        await acme.do(add_document, AddDocument(kind=DocumentKind.FLOOR, parent_id="nowhere"))
    with pytest.raises(Invalid, match="parent_id"):
        await acme.do(add_document, AddDocument(kind=DocumentKind.FLOOR))


async def test_one_key_names_one_document_of_a_kind(acme: Acme) -> None:
    wanted = AddDocument(kind=DocumentKind.TILE, parent_id=acme.world.site_id, key="t1")
    await acme.do(add_document, wanted)
    with pytest.raises(AlreadyExists):
        await acme.do(add_document, wanted)


async def test_a_document_needs_the_permission_of_its_kind(acme: Acme) -> None:
    _ada, by = await _signed_in(acme, "Ada", Role.OBSERVER)
    with pytest.raises(NotAllowed):
        await acme.do(add_document, _floor(acme), by=by)


async def test_annotations_are_written_by_their_own_operation(acme: Acme) -> None:
    with pytest.raises(Invalid, match="kind"):
        await acme.do(add_document, AddDocument(kind=DocumentKind.ANNOTATION, key="x"))


async def test_an_annotation_is_merged_member_by_member(acme: Acme) -> None:
    door = await acme.door()
    several: tuple[DocumentBody, ...] = ({"a": 1, "b": 2}, {"b": None, "c": [3]})
    for changes in several:
        await acme.do(annotate, Annotate(kind=AnnotatedKind.DOOR, id=door, namespace="x", changes=changes))
    assert await acme.read(lambda view: annotation_of(view, "x", door)) == {"a": 1, "c": [3]}
    assert await acme.read(lambda view: annotations_of(view, "y", [door])) == {door: {}}


async def test_an_annotation_needs_the_permission_to_change_its_thing(acme: Acme) -> None:
    door = await acme.door()
    _ada, by = await _signed_in(acme, "Ada", Role.ACCESS_MANAGER)
    wanted = Annotate(kind=AnnotatedKind.DOOR, id=door, namespace="x", changes={"a": 1})
    with pytest.raises(NotAllowed):
        await acme.do(annotate, wanted, by=by)


@pytest.mark.parametrize("kind", list(AnnotatedKind))
async def test_what_is_not_there_is_not_annotated(acme: Acme, kind: AnnotatedKind) -> None:
    wanted = Annotate(kind=kind, id="nobody", namespace="x", changes={"a": 1})
    with pytest.raises(NotFound):
        await acme.do(annotate, wanted)


async def test_a_preference_is_its_owners_alone(acme: Acme) -> None:
    door = await acme.door()
    ada, by = await _signed_in(acme, "Ada")
    grace, _ = await _signed_in(acme, "Grace")
    await acme.do(
        keep_preference, KeepPreference(thing_id=door, namespace="x", changes={"alias": "Home"}), by=by
    )
    assert await acme.read(lambda view: preferences_of(view, "x", ada, [door])) == {door: {"alias": "Home"}}
    assert await acme.read(lambda view: preferences_of(view, "x", grace, [door])) == {door: {}}


async def test_an_account_of_nobody_has_no_preferences(acme: Acme) -> None:
    with pytest.raises(NotAllowed):
        await acme.do(keep_preference, KeepPreference(thing_id="d", namespace="x", changes={"alias": "Home"}))


async def test_the_preferences_of_somebody_who_is_removed_go_too(acme: Acme) -> None:
    ada, by = await _signed_in(acme, "Ada")
    await acme.do(
        keep_preference, KeepPreference(thing_id="d", namespace="x", changes={"alias": "Home"}), by=by
    )
    await acme.do(remove_person, RemovePerson(person_id=ada))
    assert await acme.read(lambda view: all_preferences_of(view, "x", ada)) == {}


async def test_an_annotation_is_not_a_scope(acme: Acme) -> None:
    site = Scope.site(acme.world.site_id)
    wanted = Annotate(kind=AnnotatedKind.SITE, id=site.id, namespace="a:b", changes={"a": 1})
    with pytest.raises(Invalid, match="namespace"):
        await acme.do(annotate, wanted)
