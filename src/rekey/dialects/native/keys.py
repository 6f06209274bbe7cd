"""The caller's account and its keys."""

from rekey.dialects.native.errors import BadRequest, Unfit
from rekey.dialects.native.kit import Kit, actor_of, body_of, instant_in, part_of, reply_json, reply_page
from rekey.dialects.native.translate import show_key
from rekey.dialects.native.wire import NewKey
from rekey.domain.operator import KeyKind, Operator
from rekey.domain.role import Permission
from rekey.operations.authenticate import Caller
from rekey.operations.found_with_keys import KEY_TARGETS, make_key
from rekey.operations.issue_key import EndKey, IssueKey, end_key, issue_key
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_HINT = 4
_LISTED = (KeyKind.API_KEY.value, KeyKind.CONSENT_REFRESH.value)


class Keys:
    """Handlers of keys; a secret is shown once, when its key is made."""

    def __init__(self, kit: Kit, *, sandbox: bool) -> None:
        self._kit = kit
        self._sandbox = sandbox

    async def whoami(self, request: Request) -> Reply:
        caller = request.caller
        if not isinstance(caller, Caller):
            raise TypeError("a handler ran without a caller")
        operator = {
            "id": caller.operator.id,
            "name": caller.operator.name,
            "person": caller.operator.person_id,
        }
        organization_id = caller.actor.organization_id
        return reply_json(
            {"organization": organization_id, "operator": operator, "key": show_key(caller.key)}
        )

    async def list(self, request: Request) -> Reply:
        """List the API keys, or with `kind=consent_refresh` what applications hold for people."""
        part, wanted = part_of(request), request.query().one("kind") or KeyKind.API_KEY.value
        if wanted not in _LISTED:
            raise BadRequest("kind", f"must be one of: {', '.join(_LISTED)}")
        keys = await self._kit.read(
            request, Permission.OPERATORS_WRITE, lambda view: view.keys.list(part, kind=KeyKind(wanted))
        )
        return reply_page(keys, part, show_key, lambda key: key.number)

    async def issue(self, request: Request) -> Reply:
        """Issue a key to the caller's own operator, or to a person's account."""
        body = body_of(request, NewKey)
        core = self._kit.services.core
        if body.target not in KEY_TARGETS:
            raise Unfit("for", f"must be one of: {', '.join(KEY_TARGETS)}")
        secret, via = make_key(core.entropy, body.target, sandbox=self._sandbox)
        operator_id: str = actor_of(request).operator_id
        if body.person is not None:
            operator_id = await self._account(request, body.person)
        elif body.target == "seam_personal":
            raise Unfit("person", "is needed: a personal token is somebody's")
        wanted = IssueKey(
            operator_id=operator_id,
            kind=KeyKind.API_KEY,
            name=body.name,
            via=via,
            secret_fingerprint=core.secrets.fingerprint(secret),
            hint=secret[-_HINT:],
            permissions=_permissions(body.permissions),
            expires_at=instant_in(body.expires_at, "expires_at"),
        )
        key = await self._kit.perform(request, issue_key, wanted)
        return reply_json({**show_key(key), "secret": secret}, 201)

    async def _account(self, request: Request, named: str) -> str:
        """Find the account of a person. Raises: NotFound, Unfit for a person without one."""
        person_id = await self._kit.person(request, named)

        async def look(view: View) -> Operator | None:
            return await view.operators.of_person(person_id)

        account = await self._kit.read(request, Permission.OPERATORS_WRITE, look)
        if account is None:
            raise Unfit("person", "must have an account that signs in")
        return account.id

    async def end(self, request: Request) -> Reply:
        wanted = EndKey(key_id=request.params["key"])
        return reply_json({"ended": (await self._kit.perform(request, end_key, wanted)).id})


def _permissions(names: list[str] | None) -> frozenset[Permission] | None:
    if names is None:
        return None
    try:
        return frozenset(Permission(name) for name in names)
    except ValueError as unknown:
        known = ", ".join(permission.value for permission in Permission)
        raise Unfit("permissions", f"must be of these: {known}") from unknown
