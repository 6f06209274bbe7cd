"""What an encoder, which reads and writes cards on a desk, was made to find next, and how it fails."""

from dataclasses import dataclass
from enum import StrEnum


class EncoderFault(StrEnum):
    """Why a card was not written or not read; append only, journal rows store these names."""

    NO_CARD = "no_card"
    INTERRUPTED = "interrupted"
    WRITTEN_BEFORE = "written_before"
    OFFLINE = "offline"
    EXPIRED = "expired"
    TAKEN = "taken"
    UNKNOWN = "unknown"


class Finding(StrEnum):
    """What lies on an encoder when it reads: a card that is known here, or not, or an empty one."""

    KNOWN = "known"
    STALE = "stale"
    FOREIGN = "foreign"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What the next write or read of an encoder comes to; it is used once.

    `credential_id` is the card that a finding names, or the only one that a fault is for.
    """

    fault: EncoderFault | None = None
    finding: Finding | None = None
    credential_id: str | None = None


def read_script(kept: object) -> Script | None:
    """Read what `write_script` wrote; None for nothing."""
    if not isinstance(kept, dict):
        return None
    fault, finding, credential_id = (kept.get(name) for name in ("fault", "finding", "credential"))
    return Script(
        fault=None if fault is None else EncoderFault(str(fault)),
        finding=None if finding is None else Finding(str(finding)),
        credential_id=None if credential_id is None else str(credential_id),
    )


def write_script(script: Script) -> dict[str, str]:
    """Write a script for keeping."""
    members = {
        "fault": None if script.fault is None else script.fault.value,
        "finding": None if script.finding is None else script.finding.value,
        "credential": script.credential_id,
    }
    return {name: value for name, value in members.items() if value is not None}
