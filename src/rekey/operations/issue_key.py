"""issue_key and end_key: API keys, sessions and refresh tokens of operators."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rekey.domain.errors import Invalid, NotAllowed, NotFound
from rekey.domain.ids import ConsentId, KeyId
from rekey.domain.operator import Key, KeyKind
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_of
from rekey.operations.consents import end_consent, refuse_application
from rekey.operations.leavers import refuse_beyond_own
from rekey.operations.texts import clean_text
from rekey.ports.listing import Part

MAX_API_KEYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueKey:
    """`secret_fingerprint` is the Secrets port's hash of a secret that is shown once and kept nowhere.

    `permissions` None gives all that the operator has; a key never gives more than its operator.
    """

    operator_id: str
    kind: KeyKind
    name: str
    via: str
    secret_fingerprint: str
    hint: str = ""
    permissions: frozenset[Permission] | None = None
    expires_at: datetime | None = None
    idle_limit: timedelta | None = None
    about: tuple[tuple[str, str], ...] = ()
    consent_id: ConsentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndKey:
    key_id: str


@operation(Permission.OPERATORS_WRITE)
async def issue_key(act: Act, wanted: IssueKey) -> Key:
    """Issue a key to an operator.

    Raises: NotFound, NotAllowed (an operator above one's own, or more than one may do), Invalid (expires_at,
    or the eleventh API key of a person).
    """
    await act.require(Scope.organization(act.work.organization_id))
    await refuse_higher_operator(act, wanted.operator_id)
    await refuse_too_many(act, wanted)
    key = await put_key(act, wanted)
    await act.record(
        "key.issued", detail={"key": key.id, "operator": key.operator_id, "kind": key.kind.value}
    )
    return key


@operation(Permission.OPERATORS_WRITE)
async def end_key(act: Act, wanted: EndKey) -> Key:
    """End a key: one's own, or with the permission anybody's.

    A limited key, and one of an application, ends only itself without the permission. With a key of an
    application all that came of the same consent end. Raises: NotFound, also for one that has ended.
    """
    key = await act.work.keys.get(wanted.key_id)
    if key is not None and await _is_own(act, key):
        act.waive("everybody may end an own key")
    else:
        await act.require(Scope.organization(act.work.organization_id))
    if key is None or not await act.work.keys.end(wanted.key_id, act.now):
        raise NotFound("key", wanted.key_id)
    if key.consent_id is not None:
        await end_consent(act, key.operator_id, key.consent_id)
    await act.record("key.ended", detail={"key": key.id, "operator": key.operator_id, "kind": key.kind.value})
    return key


async def _is_own(act: Act, key: Key) -> bool:
    """A key that may only read must not end the keys beside it, which may do more."""
    if key.operator_id != act.actor.operator_id:
        return False
    in_hand = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    if in_hand is None or in_hand.id == key.id:
        return True
    return in_hand.permissions is None and in_hand.consent_id is None


async def put_key(act: Act, wanted: IssueKey) -> Key:
    """Store a new key within an act that records it. Raises: NotFound, NotAllowed, Invalid."""
    operator = await act.work.operators.get(wanted.operator_id)
    if operator is None:
        raise NotFound("operator", wanted.operator_id)
    if wanted.expires_at is not None and wanted.expires_at <= act.now:
        raise Invalid("expires_at", "must be in the future")
    await _refuse_more_than_own(act, wanted)
    key = Key(
        id=KeyId(act.new_id()),
        number=act.next_number(),
        operator_id=operator.id,
        kind=wanted.kind,
        name=clean_text(wanted.name, "name", limit=200),
        via=wanted.via,
        hint=wanted.hint,
        permissions=wanted.permissions,
        expires_at=wanted.expires_at,
        created_at=act.now,
        idle_limit=wanted.idle_limit,
        about=wanted.about,
        consent_id=wanted.consent_id,
    )
    await act.work.keys.add(key, wanted.secret_fingerprint)
    return key


async def refuse_too_many(act: Act, wanted: IssueKey) -> None:
    """Refuse a person's eleventh API key. Raises: Invalid."""
    operator = await act.work.operators.get(wanted.operator_id)
    if operator is None or operator.person_id is None or wanted.kind is not KeyKind.API_KEY:
        return
    held = await act.work.keys.list(Part(limit=MAX_API_KEYS), operator_id=operator.id, kind=KeyKind.API_KEY)
    if len(held.items) >= MAX_API_KEYS:
        raise Invalid("operator_id", f"has {MAX_API_KEYS} API keys already: end one first")


async def _refuse_more_than_own(act: Act, wanted: IssueKey) -> None:
    """A key that is limited can't issue one that is wider, and an application none at all. Raises: NotAllowed."""
    in_hand = await refuse_application(act)
    if in_hand is None or in_hand.permissions is None:
        return
    if wanted.permissions is None or not wanted.permissions <= in_hand.permissions:
        raise NotAllowed("a key can only issue keys with permissions that it has itself")


async def refuse_higher_operator(act: Act, operator_id: str) -> None:
    """A key is all that its operator may do, so nobody gets one of an operator above himself.

    Nor of any other operator while he is revoked somewhere. Raises: NotAllowed.
    """
    operator = await act.work.operators.get(operator_id)
    if operator is None or operator.id == act.actor.operator_id:
        return
    everywhere = Scope.organization(act.work.organization_id)
    await refuse_beyond_own(act, everywhere)
    theirs: int | None = ROLES[Role.OWNER].rank
    if operator.person_id is not None:
        theirs = await highest_rank(
            act.work, operator.person_id, Permission.GRANTS_READ, everywhere, now=act.now
        )
    if theirs is not None and theirs > await rank_of(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not issue a key of an operator above your own")
