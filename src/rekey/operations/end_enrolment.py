"""end_enrolment: a person leaves a site."""

from dataclasses import dataclass

from rekey.domain.block import Subject, SubjectKind
from rekey.domain.credential import mark_of_site
from rekey.domain.grant import Holder
from rekey.domain.people import Enrolment
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.end_credential import end_within
from rekey.operations.find import find_enrolment, find_person
from rekey.operations.remove_person import RemovePerson, remove_within
from rekey.operations.revoke_person import RevokePerson, revoke_within
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEnrolment:
    enrolment_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unenrolled:
    enrolment: Enrolment
    revocation: Revocation


@operation(Permission.GRANTS_WRITE)
async def end_enrolment(act: Act, wanted: EndEnrolment) -> Unenrolled:
    """End an enrolment and revoke the person at that site; the credentials that were given there end.

    Raises: NotFound, NotAllowed, LastOwner.
    """
    enrolment = await find_enrolment(act.work, wanted.enrolment_id)
    site = Scope.site(enrolment.site_id)
    await act.require(site)
    revoked = await revoke_within(
        act, RevokePerson(person_id=enrolment.person_id, scope=site, reason=wanted.reason)
    )
    subject = Subject(SubjectKind.ENROLMENT, enrolment.id)
    for block in await act.work.blocks.standing(subject):
        await act.work.blocks.lift(block.id)
    await act.work.enrolments.end(enrolment.id)
    given = CredentialFilter(
        holder=Holder.person(enrolment.person_id), origin=mark_of_site(enrolment.site_id)
    )
    ended = (await act.work.credentials.list(WHOLE, matching=given)).items
    for credential in ended:
        await end_within(act, credential)
    await _end_nobody(act, enrolment.person_id, wanted.reason)
    await act.record(
        "enrolment.ended",
        person_id=enrolment.person_id,
        site_id=enrolment.site_id,
        detail={
            "enrolment": enrolment.id,
            "revocation": revoked.revocation.id,
            "given_to_others": [grant.id for grant in revoked.given_to_others],
            "credentials": [credential.id for credential in ended],
        },
    )
    return Unenrolled(enrolment=enrolment, revocation=revoked.revocation)


async def _end_nobody(act: Act, person_id: str, reason: str) -> None:
    """Let the nameless record go with the enrolment that it was made for."""
    person = await find_person(act.work, person_id)
    if person.parted_by is not None:
        await remove_within(act, person, RemovePerson(person_id=person.id, reason=reason))
