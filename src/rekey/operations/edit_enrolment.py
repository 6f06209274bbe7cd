"""edit_enrolment: set the time in which a person counts at a site."""

from dataclasses import dataclass, replace

from rekey.domain.people import Enrolment
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.edit_person import EditPerson, edit_within
from rekey.operations.find import find_enrolment
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EditEnrolment:
    """`profile` changes the person of the enrolment in the same act."""

    enrolment_id: str
    validity: Validity
    profile: EditPerson | None = None


@operation(Permission.PEOPLE_WRITE)
async def edit_enrolment(act: Act, wanted: EditEnrolment) -> Enrolment:
    """Change an enrolment's validity; it can narrow access and never gives any.

    Raises: NotFound, and for the profile what `edit_person` raises.
    """
    enrolment = await find_enrolment(act.work, wanted.enrolment_id)
    await act.require(Scope.site(enrolment.site_id))
    if wanted.profile is not None:
        await edit_within(act, wanted.profile)
    edited = replace(enrolment, validity=wanted.validity, updated_at=act.now)
    await act.work.enrolments.replace(edited)
    await act.changed(ChangeKind.PERSON, enrolment.person_id)
    await act.record(
        "enrolment.edited",
        person_id=enrolment.person_id,
        site_id=enrolment.site_id,
        detail={"enrolment": enrolment.id, "profile": wanted.profile is not None},
    )
    return edited
