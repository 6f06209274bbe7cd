"""remind_of_domain: somebody who forgot where to sign in is told by mail, if the address has an account here."""

from dataclasses import dataclass

from rekey.operations.act import Act, operation
from rekey.operations.post import Letter, post
from rekey.operations.texts import clean_email


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfDomain:
    email: str
    letter: Letter


@operation(None)
async def remind_of_domain(act: Act, wanted: RemindOfDomain) -> bool:
    """Mail the letter to an address that has an account, and say whether it had one. Raises: Invalid (email)."""
    act.waive("what is told goes to the address itself, and tells nothing but where it may sign in")
    email = clean_email(wanted.email)
    person = None if email is None else await act.work.people.by_email(email)
    operator = None if person is None else await act.work.operators.of_person(person.id)
    if email is None or person is None or operator is None:
        act.work.keep_books()
        return False
    await post(act, email, wanted.letter)
    await act.record("sign_in.reminded", person_id=person.id, detail={"operator": operator.id})
    return True
