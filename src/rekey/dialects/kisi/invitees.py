"""Somebody named by e-mail address who may have to be added first; part of shares and invites."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rekey.dialects.kisi.errors import Unprocessable
from rekey.domain.people import Person
from rekey.operations.act import Operation
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.do_together import Step
from rekey.ports.store import View


@dataclass(frozen=True, slots=True)
class Invitee:
    """A known person, or one whom the act adds before anything else."""

    known: Person | None
    new: AddPerson

    @property
    def adding(self) -> tuple[Step, ...]:
        return () if self.known is not None else (Step(operation=add_person, wanted=self.new),)

    def step(self, operation: Operation[Any, Any], build: Callable[[str], Any]) -> Step:
        """Give the step that does something with the person's id."""
        if self.known is not None:
            return Step(operation=operation, wanted=build(self.known.id))
        return Step(operation=operation, make=lambda added: build(added.id))


async def invitee_of(view: View, new: AddPerson) -> Invitee:
    """Find who has the address of the new person. Raises: Unprocessable if a guest's is a user's or the reverse."""
    email = None if new.email is None else new.email.strip().lower()
    known = None if email is None else await view.people.by_email(email)
    if known is not None and known.is_guest is not new.is_guest:
        other = "a guest" if known.is_guest else "a user"
        raise Unprocessable({"email": [f"is that of {other}"]})
    return Invitee(known, new)
