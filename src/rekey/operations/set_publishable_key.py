"""set_publishable_key: a key that may stand in a web page, for it only opens sessions that reach nothing."""

from dataclasses import dataclass

from rekey.domain.operator import Key, KeyKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.issue_key import IssueKey, put_key
from rekey.operations.reach import CLIENT_PERMISSIONS
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPublishableKey:
    """`text` is the key itself: it is no secret, so it is kept to be shown. None turns it off."""

    text: str | None
    secret_fingerprint: str = ""
    via: str = ""


@operation(Permission.OPERATORS_WRITE)
async def set_publishable_key(act: Act, wanted: SetPublishableKey) -> Key | None:
    """Turn the organization's publishable key on, or off so that it opens nothing more."""
    key = await set_within(act, wanted)
    action = "publishable_key.ended" if key is None else "publishable_key.set"
    await act.record(action, detail={"key": None if key is None else key.id})
    return key


async def set_within(act: Act, wanted: SetPublishableKey) -> Key | None:
    """Turn the key on or off within an act that records it; the permission is asked for here."""
    await act.require(Scope.organization(act.work.organization_id), Permission.OPERATORS_WRITE)
    standing = await publishable_key(act.work)
    if wanted.text is None:
        if standing is not None:
            await act.work.keys.end(standing.id, act.now)
        return None
    return standing or await put_key(
        act,
        IssueKey(
            operator_id=act.actor.operator_id,
            kind=KeyKind.PUBLISHABLE,
            name="publishable key",
            via=wanted.via,
            secret_fingerprint=wanted.secret_fingerprint,
            hint=wanted.text,
            permissions=CLIENT_PERMISSIONS,
        ),
    )


async def publishable_key(view: View) -> Key | None:
    """Give the organization's publishable key, if it has one that stands."""
    listed = await view.keys.list(WHOLE, kind=KeyKind.PUBLISHABLE)
    return next(iter(listed.items), None)
