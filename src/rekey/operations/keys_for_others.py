"""The keys that an operator made for other operators, as the journal tells; part of several operations."""

from rekey.domain.operator import Key, KeyKind
from rekey.operations.act import Act
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View

_MADE = frozenset({"key.issued", "session.opened"})
_AT_ONCE = 1000


async def keys_for_others(view: View, operator_id: str) -> tuple[Key, ...]:
    """List the keys and sessions that stand, and that this operator made for somebody else."""
    found: list[Key] = []
    after = 0
    matching = JournalFilter(operator_id=operator_id, actions=_MADE)
    while rows := await view.journal.rows(after=after, limit=_AT_ONCE, matching=matching):
        after = rows[-1].row.position
        for stored in rows:
            key_id = stored.row.detail.get("key")
            key = await view.keys.get(key_id) if isinstance(key_id, str) else None
            if key is not None and key.ended_at is None and key.operator_id != operator_id:
                found.append(key)
    return tuple(found)


async def end_sessions_for_others(act: Act, operator_id: str) -> int:
    """End the sessions that this operator opened in the name of others, within an act; say how many.

    API keys stay, as programs run with them: they are listed for whoever removes the operator's person.
    """
    opened = [key for key in await keys_for_others(act.work, operator_id) if key.kind is KeyKind.SESSION]
    for key in opened:
        await act.work.keys.end(key.id, act.now)
    return len(opened)
