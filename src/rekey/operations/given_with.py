"""What was given with a credential ends with it: its grants, and the keys on phones that stand for it."""

from rekey.domain.credential import Credential, CredentialKind, mark_of_credential, site_of_mark
from rekey.domain.grant import Grant
from rekey.operations.act import Act
from rekey.operations.holders import CHANGES
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View

CARRIER, PART_OF = "carrier", "part_of"
"""The identifiers of a key on a phone: the phone, and the key that several phones share."""
SHARED = ((PART_OF, "all"),)
"""The identifiers of a key of which every phone gets a part."""


async def grants_with(view: View, credential: Credential) -> tuple[Grant, ...]:
    """Give the standing grants that were given with a credential."""
    if site_of_mark(credential.origin) is None:
        return ()
    matching = GrantFilter(origin=mark_of_credential(credential.id))
    return (await view.grants.list(WHOLE, matching)).items


async def parts_of(view: View, credential: Credential) -> tuple[Credential, ...]:
    """Give the keys on phones that stand for a shared one."""
    if credential.kind is not CredentialKind.MOBILE_KEY:
        return ()
    matching = CredentialFilter(identifier=(PART_OF, credential.id))
    return (await view.credentials.list(WHOLE, matching=matching)).items


async def end_grants_with(act: Act, credential: Credential) -> None:
    """End the grants that were given with a credential, within an act that records it."""
    for grant in await grants_with(act.work, credential):
        await act.work.grants.end(grant.id, act.now)
        await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
