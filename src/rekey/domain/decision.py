"""The answer to "may this person open this door now": a value with its reason, never an exception."""

from dataclasses import dataclass
from enum import StrEnum

from rekey.domain.grant import Grant
from rekey.domain.ids import TeamId


class DenyReason(StrEnum):
    """Why access is denied, in the order in which the rule asks; append only, readers store these names."""

    CREDENTIAL_UNKNOWN = "credential_unknown"
    CREDENTIAL_UNASSIGNED = "credential_unassigned"
    CREDENTIAL_INACTIVE = "credential_inactive"
    CREDENTIAL_ENDED = "credential_ended"
    CREDENTIAL_NOT_YET_VALID = "credential_not_yet_valid"
    CREDENTIAL_EXPIRED = "credential_expired"
    CREDENTIAL_USED_UP = "credential_used_up"
    CREDENTIAL_NOT_FOR_DOOR = "credential_not_for_door"
    SECOND_FACTOR_MISSING = "second_factor_missing"
    SECOND_FACTOR_WRONG = "second_factor_wrong"
    PERSON_UNKNOWN = "person_unknown"
    DOOR_UNKNOWN = "door_unknown"
    BLOCKED = "blocked"
    LOCKED_DOWN = "locked_down"
    ENROLMENT_INACTIVE = "enrolment_inactive"
    LINK_NOT_YET_VALID = "link_not_yet_valid"
    LINK_EXPIRED = "link_expired"
    LINK_USED_UP = "link_used_up"
    NO_GRANT = "no_grant"
    GRANT_EXPIRED = "grant_expired"
    GRANT_NOT_YET_VALID = "grant_not_yet_valid"
    OUTSIDE_SCHEDULE = "outside_schedule"
    TEAM_BLOCKED = "team_blocked"
    REVOKED = "revoked"
    APP_NOT_ALLOWED = "app_not_allowed"
    OUTSIDE_ALLOWED_HOURS = "outside_allowed_hours"
    NOT_PRIMARY_LOGIN = "not_primary_login"
    NOT_MANAGED_LOGIN = "not_managed_login"
    TAP_REQUIRED = "tap_required"
    LOCATION_NOT_PROVED = "location_not_proved"
    DOOR_LOCATION_UNKNOWN = "door_location_unknown"
    TOO_FAR = "too_far"
    PROXIMITY_NOT_PROVED = "proximity_not_proved"
    ADDRESS_NOT_PERMITTED = "address_not_permitted"
    OUTSIDE_USAGE_HOURS = "outside_usage_hours"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a person to a door: the grant, and the team between them if there is one.

    `named_at` is the position of the newest link of the path that names the person.
    """

    grant: Grant
    team_id: TeamId | None
    named_at: int
    by_automation: bool


@dataclass(frozen=True, slots=True)
class Granted:
    """Access, and the path it rests on."""

    path: Path


@dataclass(frozen=True, slots=True)
class Denied:
    """No access, and the first reason that failed; `cause_id` is the block, revocation or lost bundle behind it."""

    reason: DenyReason
    cause_id: str | None = None


Decision = Granted | Denied


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """What became of one path; a reason of None means that it counts."""

    path: Path
    reason: DenyReason | None
    cause_id: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with every reason that spoke against it and the fate of every path."""

    decision: Decision
    refusals: tuple[Denied, ...]
    paths: tuple[PathVerdict, ...]
