"""The client session in the actor's hand, if it is one."""

from rekey.domain.client_session import ClientSession
from rekey.domain.operator import KeyKind
from rekey.operations.act import Act


async def own_session(act: Act) -> ClientSession | None:
    """Give the session whose key the actor uses; None for every other kind of key."""
    key = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    if key is None or key.kind is not KeyKind.CLIENT:
        return None
    return await act.work.client_sessions.of_key(key.id)
