"""The account with which a person signs in."""

from rekey.domain.ids import OperatorId
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.operations.act import Act


async def put_account(
    act: Act, person: Person, password_hash: str | None = None, *, verified: bool = False
) -> Operator:
    """Add an account for the person; without a hash no password signs in. `verified`: the mailbox is proved."""
    operator = Operator(
        id=OperatorId(act.new_id()),
        number=act.next_number(),
        name=person.name,
        person_id=person.id,
        email_verified=verified,
        created_at=act.now,
    )
    await act.work.operators.add(operator, password_hash)
    return operator
