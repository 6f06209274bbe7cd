"""end_session: signing out ends every key of one sign-in."""

from dataclasses import dataclass

from rekey.domain.errors import NotSignedIn
from rekey.domain.operator import KeyKind
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.ports.listing import WHOLE

_OF_A_SESSION = frozenset({KeyKind.SESSION, KeyKind.REFRESH})


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """The keys of one sign-in bear one name; those that came by renewing it bear it too."""


@operation(None)
async def end_session(act: Act, _wanted: EndSession) -> int:
    """End the caller's own session with all keys of its sign-in; say how many. Raises: NotSignedIn."""
    act.waive("everybody may sign out")
    operator, in_hand = await signed_in(act.work, act.actor, act.now)
    if in_hand is None:
        raise NotSignedIn("there is no session to end")
    standing = await act.work.keys.list(WHOLE, operator_id=operator.id)
    ending = [key for key in standing.items if key.name == in_hand.name and key.kind in _OF_A_SESSION]
    for key in ending:
        await act.work.keys.end(key.id, act.now)
    await act.record(
        "session.ended", person_id=operator.person_id, detail={"operator": operator.id, "keys": len(ending)}
    )
    return len(ending)
