"""Core errors as RFC 9457 problem documents; the table is total (a test walks the core's tree).

NativeError
├── BadRequest      the request itself is malformed (parameter or member, and what to do)
├── Unfit           a value has a form that the core could not even be asked about
└── Ambiguous       a name fits several people
"""

import msgspec

from rekey.domain import errors as core
from rekey.domain.journal import JsonValue
from rekey.webkit.message import Reply

PROBLEM_TYPE = "application/problem+json"


class NativeError(Exception):
    """Base of what this dialect refuses by itself."""


class BadRequest(NativeError):
    """The request itself is malformed; `field` names the parameter or member."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


class Unfit(NativeError):
    """A value has a form that the core could not even be asked about; shown as the core's `Invalid` is."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


class Ambiguous(NativeError):
    """A name fits several people; `candidates` are those."""

    def __init__(self, candidates: list[JsonValue]) -> None:
        super().__init__("several people fit: name one by e-mail address, number or id")
        self.candidates = candidates


STATUS: dict[type[core.CoreError], tuple[int, str]] = {
    core.NotSignedIn: (401, "not_signed_in"),
    core.NotAllowed: (403, "not_allowed"),
    core.OutOfReach: (403, "out_of_reach"),
    core.NotFound: (404, "not_found"),
    core.Gone: (410, "gone"),
    core.Invalid: (422, "invalid"),
    core.Conflict: (409, "conflict"),
    core.AlreadyExists: (409, "already_exists"),
    core.PersonLeft: (409, "person_left"),
    core.LastOwner: (409, "last_owner"),
    core.DoorFree: (409, "door_free"),
    core.Unsupported: (422, "unsupported"),
    core.AccessDenied: (403, "access_denied"),
    core.Replayed: (409, "replayed"),
    core.SecondFactorNeeded: (403, "second_factor_needed"),
    core.WrongCode: (403, "wrong_code"),
    core.TooManyRequests: (429, "too_many_requests"),
    core.Refusal: (400, "refused"),
    core.StoreUnavailable: (503, "store_unavailable"),
    core.DoorOffline: (503, "door_offline"),
    core.DoorTimedOut: (504, "door_timed_out"),
    core.DoorRefused: (502, "door_refused"),
    core.Unavailable: (503, "unavailable"),
    core.CoreError: (500, "error"),
}


def status_of(error: core.CoreError) -> tuple[int, str]:
    """Give the status and name of an error, by its class or the nearest one above."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem(status: int, name: str, detail: str, **more: JsonValue) -> Reply:
    """Make a problem document; `detail` tells a person what to do."""
    document = {
        "type": f"urn:rekey:problem:{name}",
        "title": name.replace("_", " "),
        "status": status,
        "detail": detail,
    } | more
    return Reply(status, msgspec.json.encode(document), media_type=PROBLEM_TYPE)


def core_problem(error: core.CoreError) -> Reply:
    """Answer an error of the core."""
    status, name = status_of(error)
    more: dict[str, JsonValue] = {}
    if isinstance(error, core.Invalid | core.AlreadyExists):
        more["field"] = error.field
    if isinstance(error, core.PersonLeft):
        more["revocation"] = error.revocation_id
    if isinstance(error, core.AccessDenied):
        more |= {"reason": error.denied.reason.value, "cause": error.denied.cause_id}
    reply = problem(status, name, str(error), **more)
    if isinstance(error, core.TooManyRequests):
        return reply.with_headers(("Retry-After", str(error.retry_after)))
    if isinstance(error, core.NotSignedIn):
        return reply.with_headers(("WWW-Authenticate", "Bearer"))
    return reply
