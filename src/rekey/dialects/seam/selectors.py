"""How the routes of access systems name a user: by the user itself, or by the person and the system."""

from rekey.dialects.seam.errors import InvalidInput, NotThere
from rekey.dialects.seam.parameters import Arguments, exactly_one
from rekey.domain.people import Enrolment
from rekey.operations.find import find_enrolment, find_person, find_site
from rekey.ports.listing import Part
from rekey.ports.store import View

_USER, _PERSON, _SYSTEM = "acs_user_id", "user_identity_id", "acs_system_id"
ONE_USER = (_USER, _PERSON)
"""Of which every route that gives a user something, or takes it, wants exactly one."""


def check_user_selector(args: Arguments, *, system_required: bool = False) -> None:
    """Hold the rule of one user: `acs_user_id`, or `user_identity_id` with its system.

    Raises: InvalidInput.
    """
    by = exactly_one(args, _USER, _PERSON)
    if by == _USER and _SYSTEM in args:
        raise InvalidInput(root=["acs_system_id can only be provided with user_identity_id"])
    if by == _PERSON and system_required and _SYSTEM not in args:
        raise InvalidInput(root=["acs_system_id is required with user_identity_id"])


async def find_user(view: View, args: Arguments) -> Enrolment:
    """Find the one user that was named. Raises: NotFound, NotThere."""
    user_id = args.text(_USER)
    if user_id is not None:
        return await find_enrolment(view, user_id)
    return await find_user_of(view, args.required(_PERSON), args.text(_SYSTEM))


async def find_user_of(view: View, person_id: str, site_id: str | None) -> Enrolment:
    """Find a person's user in a system, or with None in the first system that has one.

    Raises: NotFound, NotThere.
    """
    await find_person(view, person_id)
    if site_id is not None:
        await find_site(view, site_id)
        enrolment = await view.enrolments.at(person_id, site_id)
    else:
        listed = await view.enrolments.list(Part(limit=1), person_id=person_id)
        enrolment = next(iter(listed.items), None)
    if enrolment is None:
        named = {_PERSON: person_id, _SYSTEM: site_id}
        raise NotThere("acs_user_not_found", {name: id_ for name, id_ in named.items() if id_ is not None})
    return enrolment
