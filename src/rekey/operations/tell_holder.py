"""tell_holder: mail whoever was given something, within the act that gives it."""

from dataclasses import dataclass

from rekey.domain.grant import Holder, HolderKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person, find_team
from rekey.operations.post import Letter, post
from rekey.ports.listing import WHOLE

MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TellHolder:
    """A person, or everybody in a team; `scope` is what was given, None for a place in the organization."""

    holder: Holder
    letter: Letter
    scope: Scope | None = None


@operation(None)
async def tell_holder(act: Act, wanted: TellHolder) -> int:
    """Queue a mail to each person who has an address and say to how many. Raises: NotFound, NotAllowed."""
    if wanted.scope is None:
        await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    else:
        await act.require(wanted.scope, Permission.GRANTS_WRITE)
    addresses = await _addresses(act, wanted.holder)
    for address in addresses[:MOST_LETTERS]:
        await post(act, address, wanted.letter)
    told = min(len(addresses), MOST_LETTERS)
    person = wanted.holder.kind is HolderKind.PERSON
    await act.record(
        "holder.told",
        person_id=wanted.holder.id if person else None,
        detail={"holder": wanted.holder.id, "subject": wanted.letter.subject, "told": told},
    )
    return told


async def _addresses(act: Act, holder: Holder) -> list[str]:
    if holder.kind is HolderKind.PERSON:
        person_ids = [(await find_person(act.work, holder.id)).id]
    elif holder.kind is HolderKind.TEAM:
        team = await find_team(act.work, holder.id)
        members = await act.work.teams.memberships(WHOLE, team_id=team.id)
        person_ids = [membership.person_id for membership in members.items]
    else:
        return []
    people = await act.work.people.list(WHOLE, ids=list(person_ids))
    return [person.email for person in people.items if person.email is not None]
