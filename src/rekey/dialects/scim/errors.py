"""What this dialect refuses, and core errors in SCIM's form; the table is total (a test walks the core's tree).

ScimError
├── Malformed           400: the body, path, filter or value, with SCIM's own word for which
├── Forbidden           403: the directory is switched off, or a filter where none may be
├── PreconditionFailed  412: the resource is not in the version that was meant
└── Busy                503: others keep changing the same thing

Source: RFC 7644 section 3.12.
"""

from enum import StrEnum

import msgspec

from rekey.domain import errors as core
from rekey.webkit.message import Reply

MEDIA_TYPE = "application/scim+json; charset=utf-8"
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimType(StrEnum):
    """Why a request is a bad one."""

    INVALID_FILTER = "invalidFilter"
    TOO_MANY = "tooMany"
    UNIQUENESS = "uniqueness"
    MUTABILITY = "mutability"
    INVALID_SYNTAX = "invalidSyntax"
    INVALID_PATH = "invalidPath"
    NO_TARGET = "noTarget"
    INVALID_VALUE = "invalidValue"
    INVALID_VERSION = "invalidVers"
    SENSITIVE = "sensitive"


class ScimError(Exception):
    """Base of what this dialect refuses by itself; the text never repeats what was sent."""

    status = 400
    scim_type: ScimType | None = None


class Malformed(ScimError):
    """The request can't be taken as it is."""

    def __init__(self, scim_type: ScimType, detail: str) -> None:
        super().__init__(detail)
        self.scim_type = scim_type


class Forbidden(ScimError):
    """The directory is switched off, or a filter stands where none may be."""

    status = 403


class PreconditionFailed(ScimError):
    """The resource is not in the version that was meant."""

    status = 412


class Busy(ScimError):
    """Others keep changing the same thing."""

    status = 503


STATUS: dict[type[core.CoreError], tuple[int, ScimType | None]] = {
    core.NotSignedIn: (401, None),
    core.NotAllowed: (403, None),
    core.OutOfReach: (403, None),
    core.SecondFactorNeeded: (403, None),
    core.WrongCode: (403, None),
    core.NotFound: (404, None),
    core.Gone: (404, None),
    core.Invalid: (400, ScimType.INVALID_VALUE),
    core.Conflict: (409, None),
    core.AlreadyExists: (409, ScimType.UNIQUENESS),
    core.PersonLeft: (409, None),
    core.LastOwner: (400, ScimType.MUTABILITY),
    core.DoorFree: (409, None),
    core.Unsupported: (400, None),
    core.AccessDenied: (403, None),
    core.Replayed: (409, None),
    core.TooManyRequests: (429, None),
    core.Refusal: (400, None),
    core.StoreUnavailable: (503, None),
    core.DoorOffline: (503, None),
    core.DoorTimedOut: (503, None),
    core.DoorRefused: (503, None),
    core.Unavailable: (503, None),
    core.CoreError: (500, None),
}


def status_of(error: core.CoreError) -> tuple[int, ScimType | None]:
    """Give the status and SCIM's word for an error, by its class or the nearest one above."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def refusal(status: int, detail: str, scim_type: ScimType | None = None) -> Reply:
    """Make an error body; its status is a text."""
    body = {"schemas": [ERROR_SCHEMA], "status": str(status), "detail": detail}
    if scim_type is not None:
        body["scimType"] = scim_type.value
    return Reply(status, msgspec.json.encode(body), media_type=MEDIA_TYPE)


def core_refusal(error: core.CoreError) -> Reply:
    """Answer an error of the core."""
    status, scim_type = status_of(error)
    reply = refusal(status, str(error), scim_type)
    if isinstance(error, core.TooManyRequests):
        return reply.with_headers(("Retry-After", str(error.retry_after)))
    if isinstance(error, core.NotSignedIn):
        return reply.with_headers(("WWW-Authenticate", "Bearer"))
    return reply
