"""remove_person: the profile goes, and with it every access."""

from dataclasses import dataclass, field

from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotAllowed
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_over_people
from rekey.operations.find import find_person
from rekey.operations.gone_with import GoneWith, end_all_with, gone_line
from rekey.operations.revoke_person import Revoked, RevokePerson, left_behind, revoke_within
from rekey.operations.show_picture import forget_pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePerson:
    person_id: str
    cascade: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRemoved:
    person: Person
    revoked: Revoked
    gone: GoneWith = field(default_factory=GoneWith)


@operation(Permission.PEOPLE_WRITE)
async def remove_person(act: Act, wanted: RemovePerson) -> PersonRemoved:
    """Revoke a person everywhere and remove the profile; history keeps the name.

    Somebody added later with the same e-mail address is a new person without any of it.
    Raises: NotFound, NotAllowed (a role above one's own), LastOwner.
    """
    person = await find_person(act.work, wanted.person_id)
    await act.require(Scope.organization(act.work.organization_id))
    await require_removal(act, person.id)
    removed = await remove_within(act, person, wanted)
    await act.record("person.removed", person_id=person.id, detail=removed_line(removed))
    return removed


def removed_line(removed: PersonRemoved) -> dict[str, JsonValue]:
    """Give what the journal tells of a person who was removed, with all that ended in that act."""
    revoked = removed.revoked
    return {
        "name": removed.person.name,
        "revocation": revoked.revocation.id,
        "ended_grants": [grant.id for grant in revoked.ended_grants],
        "given_to_others": [grant.id for grant in revoked.given_to_others],
        **left_behind(revoked),
        **gone_line(removed.gone),
    }


async def require_removal(act: Act, person_id: str) -> None:
    """Raises: NotAllowed for a person whose role is above the actor's own."""
    everywhere = Scope.organization(act.work.organization_id)
    theirs = await highest_rank(act.work, person_id, Permission.DOORS_OPEN, everywhere, now=act.now)
    if theirs is not None and theirs > await rank_over_people(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not remove a person whose role is above your own")


async def remove_within(act: Act, person: Person, wanted: RemovePerson) -> PersonRemoved:
    """Remove a person within an act that has asked for the permission and records it. Raises: LastOwner."""
    everywhere = Scope.organization(act.work.organization_id)
    revoked = await revoke_within(
        act,
        RevokePerson(
            person_id=person.id, scope=everywhere, leaving=True, cascade=wanted.cascade, reason=wanted.reason
        ),
    )
    gone = await end_all_with(act, person.id)
    for kind in (DocumentKind.PREFERENCE, DocumentKind.ANNOTATION):
        await act.work.documents.end_children(kind, person.id, act.now)
    await forget_pictures(act, person.id)
    await act.work.directory_entries.end(person.id)
    await act.work.people.end(person.id)
    return PersonRemoved(person=person, revoked=revoked, gone=gone)
