"""part_enrolment: an enrolment lives on at its site without the person who had it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rekey.domain.block import Subject, SubjectKind
from rekey.domain.bundle import bundle_of
from rekey.domain.credential import (
    Credential,
    CredentialKind,
    CredentialState,
    credential_of_mark,
    mark_of_site,
)
from rekey.domain.errors import NotAllowed
from rekey.domain.estate import DoorGroup
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import PersonId, RevocationId
from rekey.domain.people import Enrolment, Person
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.end_credential import end_within
from rekey.operations.find import find_enrolment, find_person
from rekey.operations.given_with import CARRIER, PART_OF
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver
from rekey.operations.merge_people import copy_blocks, copy_revocations, refuse_own_record
from rekey.operations.revoke_person import RevokePerson, require_revocation, revoke_within
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnrolment:
    enrolment_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """`person` is the nameless record that the enrolment has now; `revocation` is that of who had it."""

    enrolment: Enrolment
    person: Person
    revocation: Revocation


@operation(Permission.GRANTS_WRITE)
async def part_enrolment(act: Act, wanted: PartEnrolment) -> Parted:
    """Part an enrolment from its person, who is revoked at the site.

    The enrolment goes on to a new record that bears the name and nothing else by which it could be
    known, together with the credentials that were given at the site, and with the plain access to its doors
    that no bundle and no other credential brought. Every revocation and block of the person binds that
    record too. Of a mobile key nothing stays on the person's phones: it waits for another one.
    Raises: NotFound, PersonLeft, NotAllowed (a role above one's own, one's own record, an automation), LastOwner.
    """
    enrolment = await find_enrolment(act.work, wanted.enrolment_id)
    person = await find_person(act.work, enrolment.person_id)
    out = RevokePerson(person_id=person.id, scope=Scope.site(enrolment.site_id), reason=wanted.reason)
    await _refuse(act, out)
    record = await _put_record(act, person)
    moved = replace(enrolment, person_id=record.id, updated_at=act.now)
    await act.work.enrolments.replace(moved)
    credentials = await _move_credentials(act, enrolment, record)
    grants = await _move_grants(act, enrolment, record, {one.id for one in credentials})
    revoked = await revoke_within(act, out)
    record = replace(record, parted_by=RevocationId(revoked.revocation.id))
    await act.work.people.replace(record)
    await act.changed(ChangeKind.PERSON, record.id)
    await act.record(
        "enrolment.parted",
        person_id=person.id,
        site_id=enrolment.site_id,
        detail={
            "enrolment": enrolment.id,
            "revocation": revoked.revocation.id,
            "to": record.id,
            "name": record.name,
            "grants": [grant.id for grant in grants],
            "credentials": [credential.id for credential in credentials],
            "ended_grants": [grant.id for grant in revoked.ended_grants],
            "given_to_others": [grant.id for grant in revoked.given_to_others],
        },
    )
    return Parted(enrolment=moved, person=record, revocation=revoked.revocation)


async def _refuse(act: Act, out: RevokePerson) -> None:
    """Refuse who may neither revoke the person nor give the access to somebody else. Raises: NotAllowed, PersonLeft."""
    await require_revocation(act, out)
    await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    if act.actor.is_automation:
        raise NotAllowed("an automation may not part an enrolment from its person: an operator must")
    await refuse_own_record(act, (out.person_id,))
    await refuse_beyond_own(act, out.scope)
    await refuse_leaver(act, out.person_id)


async def _put_record(act: Act, person: Person) -> Person:
    """Add a record with the name alone, under every revocation and block that the person is under."""
    record = replace(
        person,
        id=PersonId(act.new_id()),
        number=act.next_number(),
        email=None,
        phone=None,
        external_key=None,
        notes="",
        is_guest=False,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.people.add(record)
    await copy_revocations(act, record.id, person.id)
    await copy_blocks(act, Subject(SubjectKind.PERSON, person.id), Subject(SubjectKind.PERSON, record.id))
    return record


async def _move_credentials(act: Act, enrolment: Enrolment, record: Person) -> list[Credential]:
    """Hand over what was given at the site; the parts of it on the person's phones end."""
    given = CredentialFilter(
        holder=Holder.person(enrolment.person_id), origin=mark_of_site(enrolment.site_id)
    )
    moved = []
    for credential in (await act.work.credentials.list(WHOLE, matching=given)).items:
        names = {name for name, _value in credential.identifiers}
        if CARRIER in names and PART_OF in names:
            await end_within(act, credential)
            continue
        handed = replace(credential, person_id=record.id, changed_at=act.now)
        if credential.kind is CredentialKind.MOBILE_KEY and CARRIER in names:
            handed = replace(handed, identifiers=(), state=CredentialState.INACTIVE, deactivated_at=act.now)
        await act.work.credentials.replace(handed)
        moved.append(handed)
    return moved


async def _move_grants(act: Act, enrolment: Enrolment, record: Person, given: set[str]) -> list[Grant]:
    """Hand over the plain direct access at the site at the position that it was given at."""
    listed = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.person(enrolment.person_id)))
    moved = []
    for grant in listed.items:
        with_credential = credential_of_mark(grant.origin)
        apart = bundle_of(grant.origin) is not None or with_credential not in {None, *given}
        if apart or grant.role is not Role.BASIC or not await _is_within(act.work, grant, enrolment.site_id):
            continue
        handed = replace(grant, holder=Holder.person(record.id), updated_at=act.now)
        await act.work.grants.replace(handed)
        moved.append(handed)
    return moved


async def _is_within(view: View, grant: Grant, site_id: str) -> bool:
    """Say whether all that the grant covers lies at the site."""
    scope = grant.scope
    if scope.kind is ScopeKind.DOOR:
        door = await view.access.door(scope.id)
        return door is not None and door.site_id == site_id
    if scope.kind is ScopeKind.DOOR_GROUP:
        group = await view.door_groups.get(scope.id)
        return group is not None and await _all_at(view, group, site_id)
    return scope == Scope.site(site_id)


async def _all_at(view: View, group: DoorGroup, site_id: str) -> bool:
    places: Sequence[str] = [
        place.door_id for place in (await view.door_groups.places(WHOLE, door_group_id=group.id)).items
    ]
    if group.site_id is not None or not places:
        return group.site_id == site_id
    doors = await view.doors.list(WHOLE, ids=[*places])
    return all(door.site_id == site_id for door in doors.items)
