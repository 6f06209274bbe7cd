"""edit_own_key, promote_key: what somebody says of the sessions that are his."""

from dataclasses import dataclass, replace

from rekey.domain.errors import Invalid, NotFound, NotSignedIn
from rekey.domain.operator import Key, KeyKind
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.consents import refuse_application
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.listing import WHOLE

_MOST_ABOUT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOwnKey:
    """The key in hand. A name of None stays; members of `about` replace those of the same name, "" takes away."""

    name: str | None = None
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoteKey:
    key_id: str


@operation(None)
async def edit_own_key(act: Act, wanted: EditOwnKey) -> Key:
    """Change what the session in hand says of itself.

    Raises: NotSignedIn, NotAllowed (an application's key), Invalid (name, about).
    """
    act.waive("everybody may name an own session; it changes no access")
    operator, key = await signed_in(act.work, act.actor, act.now)
    if key is None:
        raise NotSignedIn("there is no session in hand")
    await refuse_application(act)
    name = key.name if wanted.name is None else clean_name(wanted.name)
    edited = replace(key, name=name, about=clean_about({**dict(key.about), **dict(wanted.about)}))
    await act.work.keys.replace(edited)
    await act.record(
        "key.edited", person_id=operator.person_id, detail={"key": key.id, "operator": operator.id}
    )
    return edited


@operation(None)
async def promote_key(act: Act, wanted: PromoteKey) -> Key:
    """Make one of the caller's own sessions the primary one, and no other.

    Raises: NotSignedIn, NotFound (also for somebody else's), Invalid (a key that is no session).
    """
    act.waive("everybody may choose among own sessions")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    listed = await act.work.keys.list(WHOLE, operator_id=operator.id)
    chosen = next((key for key in listed.items if key.id == wanted.key_id), None)
    if chosen is None:
        raise NotFound("key", wanted.key_id)
    if chosen.kind is not KeyKind.SESSION:
        raise Invalid("key_id", "must be a session of a device")
    for key in listed.items:
        if key.is_primary and key.id != chosen.id:
            await act.work.keys.replace(replace(key, is_primary=False))
    promoted = replace(chosen, is_primary=True)
    await act.work.keys.replace(promoted)
    await act.record(
        "key.promoted", person_id=operator.person_id, detail={"key": chosen.id, "operator": operator.id}
    )
    return promoted


def clean_about(about: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Give what a client says of itself as it is kept. Raises: Invalid."""
    kept = {name: clean_text(value, name, limit=500) for name, value in about.items() if value}
    if len(kept) > _MOST_ABOUT:
        raise Invalid("about", f"must have at most {_MOST_ABOUT} members")
    return tuple(sorted(kept.items()))
