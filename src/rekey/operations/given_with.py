"""What was given with a credential ends with it: its grants, keys on phones, its web key, an app's session."""

from rekey.domain.client_session import ClientSession
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
WEB_KEY, SESSION = "web_key", "session"
"""The origin of a web key, and its identifier that names the client session which ends with it."""


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


async def web_keys_with(view: View, credential: Credential) -> tuple[Credential, ...]:
    """Give the web key that was given with a mobile key, for whoever has no app."""
    medium = None
    if credential.kind is CredentialKind.MOBILE_KEY:
        medium = await view.media.of_credential(credential.id)
    key_id = None if medium is None else medium.web_key_id
    key = None if key_id is None else await view.credentials.get(key_id)
    return () if key is None or key.ended_at is not None else (key,)


async def session_given_with(view: View, credential: Credential) -> ClientSession | None:
    """Give the client session that ends with a web key, as long as it stands."""
    if credential.origin != WEB_KEY:
        return None
    session = await view.client_sessions.get(dict(credential.identifiers).get(SESSION, ""))
    return None if session is None or session.ended_at is not None else session


async def end_grants_with(act: Act, credential: Credential) -> None:
    """End the grants that were given with a credential, within an act that records it."""
    for grant in await grants_with(act.work, credential):
        await act.work.grants.end(grant.id, act.now)
        await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
