"""Core errors in Kisi's form. Source: contract section 1.3; codes that it does not give are ours (000 + status).

KisiError
├── Unauthorized    no or a bad credential: 401
├── BadQuery        a malformed query or a missing scope parameter: 400
└── Unprocessable   attributes that break a rule: 422 with the reasons per attribute
"""

from collections.abc import Mapping

import msgspec

from rekey.domain import errors as core
from rekey.domain.decision import DenyReason
from rekey.webkit.message import Reply


class KisiError(Exception):
    """Base of what this dialect refuses by itself."""


class Unauthorized(KisiError):
    """No or a bad credential."""

    def __init__(self, text: str, code: str = "000401") -> None:
        super().__init__(text)
        self.code = code


class BadQuery(KisiError):
    """A malformed query or a missing scope parameter."""


class Unprocessable(KisiError):
    """Attributes that break a rule, with the reasons of each."""

    def __init__(self, reasons: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name} {text}" for name, texts in reasons.items() for text in texts))
        self.reasons = dict(reasons)


DENIALS: dict[DenyReason, tuple[int, str, str]] = {
    DenyReason.CREDENTIAL_UNKNOWN: (404, "faa9ef", "Card unknown"),
    DenyReason.CREDENTIAL_UNASSIGNED: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_INACTIVE: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_ENDED: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_NOT_YET_VALID: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_EXPIRED: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_USED_UP: (403, "faa9ff", "Card not activated"),
    DenyReason.CREDENTIAL_NOT_FOR_DOOR: (403, "fcd8ef", "Access denied"),
    DenyReason.SECOND_FACTOR_MISSING: (401, "afc516", "Card PIN missing"),
    DenyReason.SECOND_FACTOR_WRONG: (401, "afc516", "Card PIN wrong"),
    DenyReason.PERSON_UNKNOWN: (403, "fcd8ef", "Access denied"),
    DenyReason.DOOR_UNKNOWN: (404, "fad10e", "Door not found"),
    DenyReason.BLOCKED: (403, "fcd8ff", "Access disabled"),
    DenyReason.LOCKED_DOWN: (409, "fad001", "The door is locked down"),
    DenyReason.ENROLMENT_INACTIVE: (403, "f398de", "Access right invalid"),
    DenyReason.LINK_NOT_YET_VALID: (403, "f29aef", "Link invalid"),
    DenyReason.LINK_EXPIRED: (403, "f29aef", "Link invalid"),
    DenyReason.LINK_USED_UP: (403, "f29aef", "Link invalid"),
    DenyReason.NO_GRANT: (403, "fcd8ef", "Access denied"),
    DenyReason.GRANT_EXPIRED: (403, "f35ade", "Access right expired"),
    DenyReason.GRANT_NOT_YET_VALID: (403, "f358de", "Access right not yet valid"),
    DenyReason.OUTSIDE_SCHEDULE: (403, "34ffaa", "Outside the schedule of the access right"),
    DenyReason.TEAM_BLOCKED: (403, "fcd8ff", "Access disabled"),
    DenyReason.REVOKED: (403, "fcd8ef", "Access denied"),
    DenyReason.APP_NOT_ALLOWED: (403, "f01337", "The group excludes app unlocks"),
    DenyReason.OUTSIDE_ALLOWED_HOURS: (403, "34ffaa", "Outside the allowed hours"),
    DenyReason.NOT_PRIMARY_LOGIN: (403, "34bd8f", "Not the primary device"),
    DenyReason.NOT_MANAGED_LOGIN: (403, "fcd8ef", "Not a managed device"),
    DenyReason.TAP_REQUIRED: (403, "bbc93f", "Only taps at the reader are allowed"),
    DenyReason.LOCATION_NOT_PROVED: (403, "bbb99f", "The location of the caller is invalid"),
    DenyReason.DOOR_LOCATION_UNKNOWN: (403, "bbb93f", "The location of the lock is invalid"),
    DenyReason.TOO_FAR: (403, "a3995f", "Too far from the lock"),
    DenyReason.PROXIMITY_NOT_PROVED: (403, "bb4faa", "No reader nearby"),
    DenyReason.ADDRESS_NOT_PERMITTED: (403, "fcd8ef", "Access is not allowed from this address"),
    DenyReason.OUTSIDE_USAGE_HOURS: (403, "34ffaa", "Outside the usage hours of the lock"),
    DenyReason.TAKEN_OVER: (403, "fcd8ef", "Access has passed to a later guest"),
}

STATUS: dict[type[core.CoreError], tuple[int, str]] = {
    core.NotSignedIn: (401, "000401"),
    core.NotAllowed: (403, "fcd8ef"),
    core.OutOfReach: (403, "fcd8ef"),
    core.NotFound: (404, "000404"),
    core.Gone: (404, "000404"),
    core.Invalid: (422, "000422"),
    core.Conflict: (409, "000409"),
    core.AlreadyExists: (422, "000422"),
    core.PersonLeft: (409, "000409"),
    core.LastOwner: (422, "000422"),
    core.DoorFree: (409, "fad110"),
    core.Unsupported: (422, "000422"),
    core.AccessDenied: (403, "fcd8ef"),
    core.Replayed: (409, "000409"),
    core.SecondFactorNeeded: (401, "afc526"),
    core.WrongCode: (401, "afc536"),
    core.TooManyRequests: (429, "000429"),
    core.Refusal: (400, "000400"),
    core.StoreUnavailable: (503, "000503"),
    core.DoorOffline: (503, "fac001"),
    core.DoorTimedOut: (503, "fac002"),
    core.DoorRefused: (503, "ecc123"),
    core.Unavailable: (503, "000503"),
    core.CoreError: (500, "ffffff"),
}

BACKUP_CODE_WRONG = "afc546"
_FIELDS = {
    "person": "user",
    "end": "valid_until",
    "start": "valid_from",
    "role": "role_id",
    "grants": "base",
    "open_seconds": "base",
    "operator_id": "base",
    "idle_session_seconds": "device_logins_expire_after",
    "person_id": "member_id",
    "door_id": "lock_id",
}

_TAKEN = _FIELDS | {"phone": "phone_number"}
"""Only people share no number, and of people only guests show theirs; links call it `phone`."""


def status_of(error: core.CoreError) -> tuple[int, str]:
    """Give the status and code of an error, by its class or the nearest one above."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def plain_error(status: int, code: str, text: str) -> Reply:
    """Answer in the form that every status but 422 has."""
    return Reply(status, msgspec.json.encode({"error": text, "code": code}))


def unprocessable(reasons: Mapping[str, list[str]]) -> Reply:
    """Answer 422 with the reasons per attribute."""
    return Reply(422, msgspec.json.encode({"errors": reasons}))


def core_error(error: core.CoreError) -> Reply:
    """Answer an error of the core."""
    if isinstance(error, core.AccessDenied):
        status, code, text = DENIALS[error.denied.reason]
        return plain_error(status, code, text)
    status, code = status_of(error)
    if isinstance(error, core.WrongCode) and error.backup:
        code = BACKUP_CODE_WRONG
    if status == 422:
        return unprocessable(_reasons(error))
    if isinstance(error, core.NotFound) and error.kind == "door":
        code = DENIALS[DenyReason.DOOR_UNKNOWN][1]
    reply = plain_error(status, code, _text(error))
    if isinstance(error, core.TooManyRequests):
        return reply.with_headers(("Retry-After", str(error.retry_after)))
    return reply


def _text(error: core.CoreError) -> str:
    text = str(error) or type(error).__name__
    return text[0].upper() + text[1:]


def _reasons(error: core.CoreError) -> dict[str, list[str]]:
    if isinstance(error, core.Invalid):
        return {_FIELDS.get(error.field, error.field): [error.reason]}
    if isinstance(error, core.AlreadyExists):
        return {_TAKEN.get(error.field, error.field): ["has already been taken"]}
    return {"base": [str(error)]}
