"""Whether the key pair that the server holds for a person may sign: what programs of years ago do."""

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import NotAllowed
from rekey.ports.listing import Part
from rekey.ports.store import View


async def signing_account_key(view: View, person_id: str, *, second_factor: bool) -> Credential:
    """Give the person's account key for checking a signature with it.

    Takes: second_factor, whether a further signing key of a person has to be proved by a code. The account key
    is handed to whoever has the password, so where that is so it signs only for somebody who never had a key
    of a phone: a stolen password must not get around the code.
    Raises: NotAllowed.
    """
    held = await view.credentials.list(Part(limit=1), person_id=person_id, kind=CredentialKind.ACCOUNT_KEY)
    if not held.items or held.items[0].state is not CredentialState.ACTIVE:
        raise NotAllowed("your account has no key of its own that signs")
    if second_factor and await view.credentials.had(person_id, CredentialKind.DEVICE_KEY):
        raise NotAllowed("you have trusted a key of a phone: sign with that one")
    return held.items[0]
