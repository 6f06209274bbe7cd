"""edit_person: correct what is known of a person; access is not touched."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from rekey.domain.errors import NotAllowed
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_over_people
from rekey.operations.consents import refuse_application
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_beyond_own
from rekey.operations.stamping import stamped, unchanged_mark
from rekey.operations.texts import clean_email, clean_name, clean_phone, clean_text


class Unchanged(Enum):
    """Marks a field that stays as it is, because None clears it."""

    FIELD = "unchanged"


UNCHANGED: Final = Unchanged.FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPerson:
    """UNCHANGED leaves a field, None clears it."""

    person_id: str
    name: str | Unchanged = UNCHANGED
    email: str | Unchanged | None = UNCHANGED
    phone: str | Unchanged | None = UNCHANGED
    external_key: str | Unchanged | None = UNCHANGED
    notes: str | Unchanged = UNCHANGED
    password_sign_in: bool | Unchanged = UNCHANGED


@operation(Permission.PEOPLE_WRITE)
async def edit_person(act: Act, wanted: EditPerson) -> Person:
    """Change a person.

    Raises: NotFound, Invalid, AlreadyExists (email, phone, external_key), NotAllowed (how somebody whose role
    is above one's own signs in, or anybody else while one is revoked somewhere, or through an application).
    """
    before = await act.work.people.get(wanted.person_id)
    edited = await edit_within(act, wanted)
    detail: dict[str, JsonValue] = {"name": edited.name}
    await act.record("person.edited", person_id=edited.id, detail=detail | unchanged_mark(before, edited))
    return edited


async def edit_within(act: Act, wanted: EditPerson) -> Person:
    """Change a person within an act that records it. Raises: as `edit_person`."""
    await act.require(Scope.organization(act.work.organization_id))
    person = await find_person(act.work, wanted.person_id)
    if wanted.email is not UNCHANGED or wanted.password_sign_in is not UNCHANGED:
        await _refuse_above(act, person.id)
    edited = replace(
        person,
        name=person.name if wanted.name is UNCHANGED else clean_name(wanted.name),
        email=person.email if wanted.email is UNCHANGED else clean_email(wanted.email),
        phone=person.phone if wanted.phone is UNCHANGED else clean_phone(wanted.phone),
        external_key=person.external_key if wanted.external_key is UNCHANGED else wanted.external_key,
        notes=person.notes if wanted.notes is UNCHANGED else clean_text(wanted.notes, "notes"),
        password_sign_in=(
            person.password_sign_in if wanted.password_sign_in is UNCHANGED else wanted.password_sign_in
        ),
    )
    edited = stamped(person, edited, act.now)
    await act.work.people.replace(edited)
    return edited


async def _refuse_above(act: Act, person_id: str) -> None:
    """Whoever says where somebody's mail goes can sign in as that person. Raises: NotAllowed."""
    everywhere = Scope.organization(act.work.organization_id)
    if await act.work.operators.of_person(person_id) is not None:
        await refuse_application(act)
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id != person_id:
        await refuse_beyond_own(act, everywhere)
    theirs = await highest_rank(act.work, person_id, Permission.GRANTS_READ, everywhere, now=act.now)
    if theirs is not None and theirs > await rank_over_people(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not change how a person whose role is above your own signs in")
