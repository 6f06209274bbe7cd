"""annotate, keep_preference: members that a wire API shows beside a thing of the core, and what somebody likes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rekey.domain.document import Document, DocumentBody, DocumentKind, merged
from rekey.domain.errors import Invalid, NotAllowed, NotFound
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door, find_door_group, find_grant, find_person, find_site, find_team
from rekey.operations.stamping import unchanged_mark
from rekey.operations.touching import touch_grant, touch_person, touch_place
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


class AnnotatedKind(StrEnum):
    """What can carry an annotation."""

    ORGANIZATION = "organization"
    SITE = "site"
    DOOR = "door"
    DOOR_GROUP = "door_group"
    PERSON = "person"
    TEAM = "team"
    GRANT = "grant"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotate:
    """`changes` go over what is there, member by member; one that is None takes its member away."""

    kind: AnnotatedKind
    id: str
    namespace: str
    changes: DocumentBody


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPreference:
    """What the person who is signed in likes about a thing; merged as an annotation is."""

    thing_id: str
    namespace: str
    changes: DocumentBody


@operation(None)
async def annotate(act: Act, wanted: Annotate) -> DocumentBody:
    """Change a thing's annotation and give it whole. Raises: NotFound, Gone."""
    await require_annotating(act, wanted.kind, wanted.id)
    before = await annotation_of(act.work, wanted.namespace, wanted.id)
    body = await put_annotation(act, wanted.namespace, wanted.id, wanted.changes)
    if body != before:
        await _touch(act, wanted.kind, wanted.id)
    await act.record(
        f"{wanted.kind.value}.annotated",
        person_id=wanted.id if wanted.kind is AnnotatedKind.PERSON else None,
        door_id=wanted.id if wanted.kind is AnnotatedKind.DOOR else None,
        site_id=wanted.id if wanted.kind is AnnotatedKind.SITE else None,
        detail={
            "subject": wanted.id,
            "members": _members(wanted.changes),
            **unchanged_mark(before, body),
        },
    )
    return body


@operation(None)
async def keep_preference(act: Act, wanted: KeepPreference) -> DocumentBody:
    """Change what the person who is signed in likes about a thing. Raises: NotAllowed for an account of nobody."""
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id is None:
        raise NotAllowed("only a person has preferences: sign in as one")
    act.waive("a preference is shown to its owner alone and opens nothing")
    key = f"{wanted.namespace}:{operator.person_id}:{wanted.thing_id}"
    body = await _put(act, key, wanted.changes, kind=DocumentKind.PREFERENCE, parent_id=operator.person_id)
    await act.record(
        "preference.kept",
        person_id=operator.person_id,
        detail={"thing": wanted.thing_id, "members": _members(wanted.changes)},
    )
    return body


async def require_annotating(act: Act, kind: AnnotatedKind, thing_id: str) -> None:
    """Ask for what changing an annotation needs. Raises: NotFound, Gone, NotAllowed."""
    permission, find = _NEEDED[kind]
    await act.require(await find(act.work, thing_id), permission)


async def put_annotation(act: Act, namespace: str, thing_id: str, changes: DocumentBody) -> DocumentBody:
    """Change an annotation within an act that asks for the permission and records it."""
    if ":" in namespace:
        raise Invalid("namespace", "must be a plain word")
    key = f"{namespace}:{thing_id}"
    return await _put(act, key, changes, kind=DocumentKind.ANNOTATION, parent_id=thing_id)


async def annotation_of(view: View, namespace: str, thing_id: str) -> DocumentBody:
    """Give a thing's annotation, empty if it has none."""
    found = await view.documents.by_key(DocumentKind.ANNOTATION, f"{namespace}:{thing_id}")
    return {} if found is None else found.body


async def annotations_of(view: View, namespace: str, ids: Iterable[str]) -> dict[str, DocumentBody]:
    """Give the annotations of many things in one read; a thing that has none has an empty one."""
    return await _bodies(view, DocumentKind.ANNOTATION, f"{namespace}:", tuple(ids))


async def preferences_of(
    view: View, namespace: str, person_id: str, ids: Iterable[str]
) -> dict[str, DocumentBody]:
    """Give what a person likes about many things in one read; empty where nothing is kept."""
    return await _bodies(view, DocumentKind.PREFERENCE, f"{namespace}:{person_id}:", tuple(ids))


async def all_preferences_of(view: View, namespace: str, person_id: str) -> dict[str, DocumentBody]:
    """Give everything that a person likes, by the thing's id."""
    prefix = f"{namespace}:{person_id}:"
    kept = await view.documents.list(WHOLE, DocumentKind.PREFERENCE, parent_id=person_id)
    return {
        document.key.removeprefix(prefix): document.body
        for document in kept.items
        if document.key is not None and document.key.startswith(prefix)
    }


def _members(changes: DocumentBody) -> JsonValue:
    return [*sorted(changes)]


async def _bodies(
    view: View, kind: DocumentKind, prefix: str, ids: tuple[str, ...]
) -> dict[str, DocumentBody]:
    found = await view.documents.list(WHOLE, kind, keys=[prefix + thing_id for thing_id in ids])
    by_key = {document.key: document.body for document in found.items}
    return {thing_id: by_key.get(prefix + thing_id, {}) for thing_id in ids}


async def _put(
    act: Act, key: str, changes: DocumentBody, *, kind: DocumentKind, parent_id: str
) -> DocumentBody:
    kept = await act.work.documents.by_key(kind, key)
    if kept is not None:
        edited = replace(kept, body=merged(kept.body, changes), updated_at=act.now)
        await act.work.documents.replace(edited)
        return edited.body
    body = merged({}, changes)
    if body:
        added = Document(
            id=act.new_id(),
            number=act.next_number(),
            kind=kind,
            key=key,
            parent_id=parent_id,
            body=body,
            created_at=act.now,
            updated_at=act.now,
        )
        await act.work.documents.add(added)
    return body


async def _touch(act: Act, kind: AnnotatedKind, thing_id: str) -> None:
    """Give the thing the time of this act, where it keeps one."""
    if kind is AnnotatedKind.PERSON:
        await touch_person(act, thing_id)
    elif kind is AnnotatedKind.GRANT:
        await touch_grant(act, thing_id)
    elif kind in _PLACES:
        await touch_place(act, _PLACES[kind], thing_id)


async def _the_organization(view: View, thing_id: str) -> Scope:
    if thing_id != view.organization_id:
        raise NotFound("organization", thing_id)
    return Scope.organization(view.organization_id)


async def _a_site(view: View, thing_id: str) -> Scope:
    return Scope.site((await find_site(view, thing_id)).id)


async def _a_door(view: View, thing_id: str) -> Scope:
    return Scope.door((await find_door(view, thing_id)).id)


async def _a_door_group(view: View, thing_id: str) -> Scope:
    return Scope.door_group((await find_door_group(view, thing_id)).id)


async def _a_grant(view: View, thing_id: str) -> Scope:
    return (await find_grant(view, thing_id)).scope


async def _a_person(view: View, thing_id: str) -> Scope:
    await find_person(view, thing_id)
    return Scope.organization(view.organization_id)


async def _a_team(view: View, thing_id: str) -> Scope:
    await find_team(view, thing_id)
    return Scope.organization(view.organization_id)


async def _a_credential(view: View, thing_id: str) -> Scope:
    if await view.credentials.get(thing_id) is None:
        raise NotFound("credential", thing_id)
    return Scope.organization(view.organization_id)


_PLACES: Mapping[AnnotatedKind, ScopeKind] = {
    AnnotatedKind.SITE: ScopeKind.SITE,
    AnnotatedKind.DOOR: ScopeKind.DOOR,
    AnnotatedKind.DOOR_GROUP: ScopeKind.DOOR_GROUP,
}
# What changing an annotation needs, and where; the second raises NotFound for a thing that is not there.
_NEEDED: Mapping[AnnotatedKind, tuple[Permission, Callable[[View, str], Awaitable[Scope]]]] = {
    AnnotatedKind.ORGANIZATION: (Permission.ORGANIZATION_WRITE, _the_organization),
    AnnotatedKind.SITE: (Permission.ESTATE_WRITE, _a_site),
    AnnotatedKind.DOOR: (Permission.ESTATE_WRITE, _a_door),
    AnnotatedKind.DOOR_GROUP: (Permission.ESTATE_WRITE, _a_door_group),
    AnnotatedKind.PERSON: (Permission.PEOPLE_WRITE, _a_person),
    AnnotatedKind.TEAM: (Permission.PEOPLE_WRITE, _a_team),
    AnnotatedKind.GRANT: (Permission.GRANTS_WRITE, _a_grant),
    AnnotatedKind.CREDENTIAL: (Permission.PEOPLE_WRITE, _a_credential),
}
