"""What goes wrong, as Seam's clients read it; the table is total (a test walks the core's tree).

SeamRefusal             answered as `{"error": {"type", "message", ...}, "ok": false}`
├── InvalidInput            parameters break a rule (a tree of reasons by parameter)
├── InvalidQuery            the query string cannot be read
├── InvalidContentType      a body that is not JSON
├── InvalidEventTypes       a webhook names types that the catalogue of events lacks
├── MismatchedPage          a cursor that belongs to other parameters
├── NotSupported            the door or this server lacks the feature
├── NotTimeBound            a backup code was asked for a code that never ends
├── NotInSandbox            something for trying out was asked of a server that is in earnest
├── Forbidden               the caller may not, by a rule of this API (its type)
├── NotThere                no such resource (the ids that were looked for)
├── Unauthorized            no caller (which kind of proof was missing or wrong)
└── BadSessionHeader        a session header that holds no session token
"""

from collections.abc import Mapping, Sequence

import msgspec

from rekey.dialects.seam.replies import MEDIA_TYPE
from rekey.domain import errors as core
from rekey.domain.decision import DenyReason
from rekey.domain.journal import JsonValue
from rekey.webkit.message import Reply

REQUIRED = "Required"


class SeamRefusal(Exception):
    """Base of what this dialect refuses by itself."""

    status = 400
    type = "invalid_input"

    def details(self) -> dict[str, JsonValue]:
        """Give what stands beside type and message."""
        return {}


class InvalidInput(SeamRefusal):
    """Parameters break a rule; `root` holds reasons that concern no single one."""

    def __init__(
        self, by_parameter: Mapping[str, Sequence[str]] | None = None, *, root: Sequence[str] = ()
    ) -> None:
        self.by_parameter = dict(by_parameter or {})
        self.root = tuple(root)
        super().__init__(_summary(self.root, self.by_parameter))

    def details(self) -> dict[str, JsonValue]:
        tree: dict[str, JsonValue] = {"_errors": [*self.root]}
        for name, reasons in self.by_parameter.items():
            tree[name] = {"_errors": [*reasons]}
        return {"validation_errors": tree}


class InvalidQuery(SeamRefusal):
    """The query string cannot be read."""

    type = "invalid_query_params"


class InvalidContentType(SeamRefusal):
    """A body came that is not said to be JSON."""

    type = "invalid_content_type"


class InvalidEventTypes(SeamRefusal):
    """A webhook names a type that the catalogue of events lacks, or none at all."""

    type = "invalid_event_types"


class MismatchedPage(SeamRefusal):
    """A cursor was sent with other parameters than it was made for."""

    type = "mismatched_page_parameters"


class NotSupported(SeamRefusal):
    """The door or this server lacks the feature."""

    type = "not_supported"


class NotTimeBound(SeamRefusal):
    """A backup code was asked for a code that never ends."""

    type = "access_code_not_time_bound"


class NotInSandbox(SeamRefusal):
    """Something for trying out was asked of a server that is in earnest."""

    type = "workspace_not_sandbox"


class Forbidden(SeamRefusal):
    """The caller may not, by a rule of this API."""

    status = 403

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_


class NotThere(SeamRefusal):
    """No such resource; `ids` repeats what was looked for."""

    status = 404

    def __init__(self, type_: str, ids: Mapping[str, JsonValue]) -> None:
        super().__init__(f"{type_.removesuffix('_not_found').replace('_', ' ')} not found")
        self.type = type_
        self.ids = dict(ids)

    def details(self) -> dict[str, JsonValue]:
        return {"data": self.ids}


class Unauthorized(SeamRefusal):
    """There is no caller, or the proof is of a kind that this route does not take."""

    status = 401

    def __init__(self, message: str, *, type_: str = "unauthorized") -> None:
        super().__init__(message)
        self.type = type_


class BadSessionHeader(SeamRefusal):
    """A session header holds something else than a session token."""

    type = "invalid_client_session_token"


STATUS: dict[type[core.CoreError], tuple[int, str]] = {
    core.NotSignedIn: (401, "unauthorized"),
    core.NotAllowed: (403, "forbidden"),
    core.OutOfReach: (401, "unauthorized"),
    core.NotFound: (404, "not_found"),
    core.Gone: (404, "not_found"),
    core.Invalid: (400, "invalid_input"),
    core.Conflict: (409, "conflict"),
    core.AlreadyExists: (409, "already_exists"),
    core.PersonLeft: (409, "user_identity_access_revoked"),
    core.LastOwner: (409, "last_owner"),
    core.DoorFree: (409, "door_free"),
    core.Unsupported: (400, "not_supported"),
    core.AccessDenied: (403, "access_denied"),
    core.Replayed: (409, "replayed"),
    core.SecondFactorNeeded: (403, "second_factor_needed"),
    core.WrongCode: (403, "wrong_code"),
    core.TooManyRequests: (429, "too_many_requests"),
    core.Refusal: (400, "refused"),
    core.StoreUnavailable: (503, "service_unavailable"),
    core.DoorOffline: (503, "device_offline"),
    core.DoorTimedOut: (503, "device_timed_out"),
    core.DoorRefused: (503, "device_refused"),
    core.Unavailable: (503, "service_unavailable"),
    core.CoreError: (500, "internal_server_error"),
}
# The core's words for things, and theirs. A door is an entrance below /acs and a device elsewhere.
RESOURCES: dict[str, str] = {
    "person": "user_identity",
    "site": "acs_system",
    "enrolment": "acs_user",
    "door_group": "acs_access_group",
    "door group": "acs_access_group",
    "order": "action_attempt",
    "organization": "workspace",
    "grant": "access_grant",
    "team": "user_identity_group",
    "upstream": "connected_account",
    "connect_page": "connect_webview",
    "client_session": "client_session",
    "space": "space",
    "bundle": "access_grant",
    "medium": "access_method",
    "code": "access_code",
    "credential": "acs_credential",
    "encoder": "acs_encoder",
    "phone": "phone",
    "web_key": "instant_key",
}
# The core's names of values, and the parameters that carry them here.
FIELDS: dict[str, str] = {
    "name": "full_name",
    "email": "email_address",
    "phone": "phone_number",
    "external_key": "user_identity_key",
    "bundle_name": "name",
    "stay_key": "reservation_key",
    "media": "requested_access_methods",
    "max_uses": "instant_key_max_use_count",
    "code_name": "name",
    "start": "starts_at",
    "end": "ends_at",
    "door_ids": "device_ids",
}


# Kinds whose repetition has a type of its own, and keys that are named by their kind.
_TAKEN = {"code": "duplicate_access_code"}
_ID_OF = {"phone": "device_id"}
_KEY_OF = {("bundle", "external_key"): "access_grant_key", ("door group", "external_key"): "space_key"}


def refusal_reply(refusal: SeamRefusal) -> Reply:
    """Answer what this dialect refused."""
    return error_reply(refusal.status, refusal.type, str(refusal), refusal.details())


def core_reply(error: core.CoreError, path: str) -> Reply:
    """Answer an error of the core; the path says whether a door is an entrance or a device here."""
    if isinstance(error, core.NotFound | core.Gone):
        resource = resource_of(error.kind, path)
        name = _ID_OF.get(resource, f"{resource}_id")
        return refusal_reply(NotThere(f"{resource}_not_found", {name: error.id}))
    if isinstance(error, core.Invalid):
        return refusal_reply(InvalidInput({FIELDS.get(error.field, error.field): [error.reason]}))
    status, type_ = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, core.AlreadyExists):
        type_ = _TAKEN.get(error.kind) or f"{resource_of(error.kind, path)}_already_exists"
        parameter = _KEY_OF.get((error.kind, error.field)) or FIELDS.get(error.field, error.field)
        data: dict[str, JsonValue] = {"data": {"parameter": parameter}}
        return error_reply(status, type_, str(error), data)
    if isinstance(error, core.PersonLeft):
        data = {"data": {"revocation_id": error.revocation_id}}
        return error_reply(status, type_, str(error), data)
    if isinstance(error, core.AccessDenied):
        return error_reply(status, denied_type(error.denied.reason), str(error), {})
    reply = error_reply(status, type_, str(error), {})
    if isinstance(error, core.TooManyRequests):
        return reply.with_headers(("retry-after", str(error.retry_after)))
    return reply


# The store's word for the table, and the core's for the thing.
_DOOR_GROUPS = frozenset({"door group", "door_group"})


def resource_of(kind: str, path: str) -> str:
    """Give their word for one of ours."""
    if kind == "door":
        return "acs_entrance" if path.startswith("/acs/") or "entrance" in path else "device"
    if kind in _DOOR_GROUPS and path.startswith("/spaces/"):
        return "space"
    return RESOURCES.get(kind, kind)


def error_reply(status: int, type_: str, message: str, details: Mapping[str, JsonValue]) -> Reply:
    """Make the error document."""
    document = {"error": {"type": type_, "message": message, **details}, "ok": False}
    return Reply(status, msgspec.json.encode(document), media_type=MEDIA_TYPE)


_DENIED: Mapping[str, frozenset[DenyReason]] = {
    "device_locked_down": frozenset({DenyReason.LOCKED_DOWN}),
    "access_blocked": frozenset({DenyReason.BLOCKED, DenyReason.TEAM_BLOCKED}),
    "access_revoked": frozenset({DenyReason.REVOKED}),
    "no_access": frozenset(
        {
            DenyReason.PERSON_UNKNOWN,
            DenyReason.DOOR_UNKNOWN,
            DenyReason.NO_GRANT,
            DenyReason.LINK_USED_UP,
            DenyReason.TAKEN_OVER,
        }
    ),
    "credential_error": frozenset(
        {
            DenyReason.CREDENTIAL_UNKNOWN,
            DenyReason.CREDENTIAL_ENDED,
            DenyReason.CREDENTIAL_NOT_YET_VALID,
            DenyReason.CREDENTIAL_EXPIRED,
            DenyReason.CREDENTIAL_UNASSIGNED,
            DenyReason.CREDENTIAL_INACTIVE,
            DenyReason.CREDENTIAL_USED_UP,
            DenyReason.CREDENTIAL_NOT_FOR_DOOR,
            DenyReason.SECOND_FACTOR_MISSING,
            DenyReason.SECOND_FACTOR_WRONG,
        }
    ),
    "outside_schedule": frozenset(
        {
            DenyReason.LINK_NOT_YET_VALID,
            DenyReason.LINK_EXPIRED,
            DenyReason.ENROLMENT_INACTIVE,
            DenyReason.OUTSIDE_SCHEDULE,
            DenyReason.GRANT_EXPIRED,
            DenyReason.GRANT_NOT_YET_VALID,
            DenyReason.OUTSIDE_ALLOWED_HOURS,
            DenyReason.OUTSIDE_USAGE_HOURS,
        }
    ),
    "access_restricted": frozenset(
        {
            DenyReason.APP_NOT_ALLOWED,
            DenyReason.TAP_REQUIRED,
            DenyReason.ADDRESS_NOT_PERMITTED,
            DenyReason.NOT_PRIMARY_LOGIN,
            DenyReason.NOT_MANAGED_LOGIN,
            DenyReason.LOCATION_NOT_PROVED,
            DenyReason.DOOR_LOCATION_UNKNOWN,
            DenyReason.TOO_FAR,
            DenyReason.PROXIMITY_NOT_PROVED,
        }
    ),
}
_TYPE_OF: Mapping[DenyReason, str] = {
    reason: type_ for type_, reasons in _DENIED.items() for reason in reasons
}


def denied_type(reason: DenyReason) -> str:
    """Name the error of an attempt that was denied; a test walks every reason."""
    return _TYPE_OF[reason]


def _summary(root: Sequence[str], by_parameter: Mapping[str, Sequence[str]]) -> str:
    lines = [*root]
    for name, reasons in by_parameter.items():
        lines += [_line(name, reason) for reason in reasons]
    if len(lines) == 1:
        return lines[0]
    return f"{len(lines)} Input Errors: {', '.join(lines)}"


def _line(name: str, reason: str) -> str:
    return f"{name} is required" if reason == REQUIRED else f'{reason} for "{name}"'
