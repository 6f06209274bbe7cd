"""invite_person: name somebody by e-mail address, to share a door with."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.people import Person
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.authority import signed_in
from rekey.operations.held_doors import held_doors
from rekey.operations.post import Letter, post
from rekey.operations.texts import clean_email


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePerson:
    """`letter` is mailed to somebody who is added, and to nobody who was known: an address is written to once."""

    email: str
    letter: Letter | None = None


@operation(None)
async def invite_person(act: Act, wanted: InvitePerson) -> Person:
    """Give the person with this address, added without any access if nobody has it yet.

    Raises: NotAllowed for who administers no door, Invalid (email).
    """
    act.waive("whoever administers a door may name whom to share it with; being named opens nothing")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is not None:
        held = await held_doors(act.work, operator.person_id, act.now)
        if not any(door.administers for door in held):
            raise NotAllowed("you administer no door that you could share")
    email = clean_email(wanted.email)
    if email is None:
        raise Invalid("email", "must be given")
    known = await act.work.people.by_email(email)
    if known is not None:
        act.work.keep_books()
        return known
    person = await put_person(act, AddPerson(email=email))
    if wanted.letter is not None:
        await post(act, email, wanted.letter)
    await act.record("person.invited", person_id=person.id, detail={"name": person.name})
    return person
