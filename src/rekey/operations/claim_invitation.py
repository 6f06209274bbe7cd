"""Claiming an invitation: an account that was made in the name of an invited person becomes that person's.

Until the mailbox is proved the account stands for somebody new, without address and without any access, so
that nobody gains anything by naming a stranger's address. Part of registering and of proving a mailbox.
"""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.domain.credential import CredentialKind
from rekey.domain.errors import Conflict, NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.ids import PersonId
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.operations.act import Act
from rekey.operations.authority import is_suspended
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_stale_code
from rekey.operations.passwords import end_sessions
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


async def claim(act: Act, challenge: Challenge) -> Person:
    """Make the invited person the account's own, within an act; the account has to sign in anew.

    Its keys go along. What was given to the stand-in by its id ends with it.
    Raises: NotFound, PersonLeft, Gone (sent before the person left), NotAllowed (a blocked account), Conflict
    (somebody else has claimed it).
    """
    operator = await act.work.operators.get(challenge.subject_id)
    invited = await act.work.people.by_email(challenge.address)
    if operator is None or operator.person_id is None or invited is None:
        raise NotFound("code", "")
    await refuse_stale_code(act, invited.id, challenge)
    if await act.work.operators.of_person(invited.id) is not None:
        raise Conflict("this invitation was claimed by somebody else")
    stand_in = await find_person(act.work, operator.person_id)
    if await is_suspended(act.work, stand_in.id, now=act.now):
        raise NotAllowed("this account is blocked, so it becomes nobody else's")
    credentials = await _move_keys(act, stand_in, invited)
    await _end_stand_in(act, stand_in)
    await act.work.operators.replace(
        replace(operator, person_id=PersonId(invited.id), name=invited.name, email_verified=True)
    )
    ended = await end_sessions(act, operator.id)
    await act.changed(ChangeKind.PERSON, invited.id)
    await act.record(
        "invitation.claimed",
        person_id=invited.id,
        detail={
            "operator": operator.id,
            "stand_in": stand_in.id,
            "credentials": credentials,
            "keys": ended,
        },
    )
    return invited


async def claimed_address(view: View, operator_id: str) -> str | None:
    """Give the address that an account claims and has not proved yet; None if it claims none."""
    operator = await view.operators.get(operator_id)
    if operator is None:
        return None
    made = await view.challenges.made_since(
        ChallengePurpose.CLAIM_INVITATION, operator_id, operator.created_at - timedelta(days=1)
    )
    return made[0].address if made else None


async def _move_keys(act: Act, stand_in: Person, invited: Person) -> list[JsonValue]:
    listed = await act.work.credentials.list(WHOLE, person_id=stand_in.id, kind=CredentialKind.DEVICE_KEY)
    moved: list[JsonValue] = []
    for credential in listed.items:
        await act.work.credentials.replace(replace(credential, person_id=PersonId(invited.id)))
        moved.append(credential.id)
    return moved


async def _end_stand_in(act: Act, stand_in: Person) -> None:
    grants = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.person(stand_in.id)))
    for grant in grants.items:
        await act.work.grants.end(grant.id, act.now)
    memberships = await act.work.teams.memberships(WHOLE, person_id=stand_in.id)
    for membership in memberships.items:
        await act.work.teams.remove_member(membership.team_id, stand_in.id)
    await act.changed(ChangeKind.PERSON, stand_in.id)
    await act.work.people.end(stand_in.id)
