"""Core errors as Doordeck's error bodies; the table is total (a test walks the core's tree).

DoordeckError
├── BadRequest          the request is malformed (400)
├── NotAcceptable       no version that the caller accepts is served (406)
├── Forbidden           the caller may not, for a reason of this wire API (403)
├── NoDevices           a tile leads to no lock, or is unknown (404)
├── KeyTaken            the signing key is another person's (409)
└── OperationRefused    the signed operation proves nothing, or proves somebody else (400 or 403)
"""

from http import HTTPStatus

import msgspec

from rekey.domain import errors as core
from rekey.domain.decision import DenyReason
from rekey.webkit.message import Reply


class DoordeckError(Exception):
    """Base of what this dialect refuses by itself; the text is shown to people as it stands."""

    status = 400


class BadRequest(DoordeckError):
    """The request is malformed."""


class NotAcceptable(DoordeckError):
    """No version that the caller accepts is served."""

    status = 406


class Forbidden(DoordeckError):
    """The caller may not, for a reason of this wire API."""

    status = 403


class NoDevices(DoordeckError):
    """A tile leads to no lock, or is unknown."""

    status = 404


class KeyTaken(DoordeckError):
    """The signing key is another person's."""

    status = 409


class OperationRefused(DoordeckError):
    """The signed operation proves nothing, or proves somebody else; `attempted` is its type where it was read.

    Never 401: a client would renew its session and send the same bytes again.
    Source: Doordeck contract, rule 27.
    """

    def __init__(self, status: int, message: str, attempted: str = "execute") -> None:
        super().__init__(message)
        self.status = status
        self.attempted = attempted


STATUS: dict[type[core.CoreError], int] = {
    core.NotSignedIn: 401,
    core.NotAllowed: 403,
    core.OutOfReach: 403,
    core.NotFound: 404,
    core.Gone: 410,
    core.Invalid: 400,
    core.Conflict: 409,
    core.AlreadyExists: 409,
    core.PersonLeft: 409,
    core.LastOwner: 409,
    core.DoorFree: 409,
    core.Unsupported: 400,
    core.AccessDenied: 403,
    core.Replayed: 409,
    core.SecondFactorNeeded: 423,
    core.WrongCode: 403,
    core.TooManyRequests: 429,
    core.Refusal: 400,
    core.StoreUnavailable: 503,
    core.DoorOffline: 503,
    core.DoorTimedOut: 504,
    core.DoorRefused: 503,
    core.Unavailable: 503,
    core.CoreError: 500,
}

DENIAL: dict[DenyReason, str] = {
    DenyReason.CREDENTIAL_UNKNOWN: "This key is not registered",
    DenyReason.CREDENTIAL_UNASSIGNED: "This key belongs to nobody",
    DenyReason.CREDENTIAL_INACTIVE: "This key has not been activated yet",
    DenyReason.CREDENTIAL_ENDED: "This key is no longer trusted",
    DenyReason.CREDENTIAL_NOT_YET_VALID: "This key is not valid yet",
    DenyReason.CREDENTIAL_EXPIRED: "This key has expired",
    DenyReason.CREDENTIAL_USED_UP: "This key has been used up",
    DenyReason.CREDENTIAL_NOT_FOR_DOOR: "This key is not meant for the device",
    DenyReason.SECOND_FACTOR_MISSING: "This key needs its PIN",
    DenyReason.SECOND_FACTOR_WRONG: "The PIN of this key is wrong",
    DenyReason.PERSON_UNKNOWN: "This user is unknown",
    DenyReason.DOOR_UNKNOWN: "This device is unknown",
    DenyReason.BLOCKED: "Access is suspended",
    DenyReason.LOCKED_DOWN: "The device is locked down",
    DenyReason.ENROLMENT_INACTIVE: "This user is not active at this site",
    DenyReason.LINK_NOT_YET_VALID: "This link is not valid yet",
    DenyReason.LINK_EXPIRED: "This link has expired",
    DenyReason.LINK_USED_UP: "This link has been used up",
    DenyReason.NO_GRANT: "This user has no access to the device",
    DenyReason.GRANT_EXPIRED: "Access has expired",
    DenyReason.GRANT_NOT_YET_VALID: "Access has not started yet",
    DenyReason.OUTSIDE_SCHEDULE: "Access is not allowed at this time",
    DenyReason.TEAM_BLOCKED: "Access is suspended",
    DenyReason.REVOKED: "Access has been revoked",
    DenyReason.APP_NOT_ALLOWED: "This access is not meant for apps",
    DenyReason.OUTSIDE_ALLOWED_HOURS: "The device may not be used at this time",
    DenyReason.NOT_PRIMARY_LOGIN: "This is not the user's primary phone",
    DenyReason.NOT_MANAGED_LOGIN: "This is not a managed phone",
    DenyReason.TAP_REQUIRED: "This access works at the reader only",
    DenyReason.LOCATION_NOT_PROVED: "The device asks where the user is, which this request can't prove",
    DenyReason.DOOR_LOCATION_UNKNOWN: "Nobody has said where the device is",
    DenyReason.TOO_FAR: "The user is too far from the device",
    DenyReason.PROXIMITY_NOT_PROVED: "The device asks for a reader nearby, which this request can't prove",
    DenyReason.ADDRESS_NOT_PERMITTED: "The device may not be used from this address",
    DenyReason.OUTSIDE_USAGE_HOURS: "The device may not be used at this time",
    DenyReason.TAKEN_OVER: "Access has passed to a later guest",
}


def status_of(error: core.CoreError) -> int:
    """Give the status of an error, by its class or the nearest one above."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_reply(status: int, message: str) -> Reply:
    """Make an error body; clients show the message as it stands."""
    return Reply(status, msgspec.json.encode({"code": status, "message": message}))


def plain_reply(status: int) -> Reply:
    """Make the error body that says no more than its status. Source: Doordeck contract, 1.1."""
    return error_reply(status, f"HTTP {status} {HTTPStatus(status).phrase}")


def core_reply(error: core.CoreError) -> Reply:
    """Answer an error of the core."""
    status = status_of(error)
    if isinstance(error, core.NotSignedIn):
        return plain_reply(status)
    if isinstance(error, core.AccessDenied):
        return error_reply(status, DENIAL[error.denied.reason])
    reply = error_reply(status, str(error))
    if isinstance(error, core.TooManyRequests):
        return reply.with_headers(("Retry-After", str(error.retry_after)))
    return reply
