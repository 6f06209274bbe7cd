"""Offline access codes: PINs that a device works out by itself, and that nobody can change or take back there."""

from datetime import datetime, timedelta

from rekey.dialects.seam.errors import InvalidInput, NotSupported
from rekey.dialects.seam.kit import Call
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.add_computed_code import AddComputedCode
from rekey.operations.pins import DoorFacts

_ROUNDINGS = {
    "1hour": timedelta(hours=1),
    "1h": timedelta(hours=1),
    "1day": timedelta(days=1),
    "1d": timedelta(days=1),
}
_OF_DEVICE = "The device works an offline access code out by itself"


def is_offline(call: Call) -> bool:
    """Say whether an offline code is asked for, by either name of the flag."""
    return call.args.flag("is_offline_access_code") or call.args.flag("use_offline_access_code")


def refuse_offline(call: Call) -> None:
    """Refuse where codes can only be programmed. Raises: NotSupported."""
    if is_offline(call):
        raise NotSupported(
            "an offline access code is created alone and never updated: use /access_codes/create"
        )


def wanted_offline(call: Call, door: DoorFacts, now: datetime) -> AddComputedCode:
    """Read what is asked for. Raises: InvalidInput."""
    args = call.args
    if "code" in args:
        raise InvalidInput({"code": [f"{_OF_DEVICE}: it cannot be chosen"]})
    if args.flag("use_backup_access_code_pool"):
        raise InvalidInput({"use_backup_access_code_pool": [f"{_OF_DEVICE}: no other one stands in for it"]})
    rounding = args.text("max_time_rounding") or "1hour"
    if rounding not in _ROUNDINGS:
        raise InvalidInput({"max_time_rounding": ["Invalid enum value"]})
    once = args.flag("is_one_time_use")
    return AddComputedCode(
        door=door,
        name=args.text("name") or "",
        validity=_window(call, once=once, now=now),
        once=once,
        rounding=_ROUNDINGS[rounding],
    )


def _window(call: Call, *, once: bool, now: datetime) -> Validity:
    start, end = call.args.instant("starts_at"), call.args.instant("ends_at")
    if end is not None and start is None:
        raise InvalidInput(root=["starts_at and ends_at must be provided together"])
    if end is None and start is not None and not once:
        raise InvalidInput(root=["starts_at and ends_at must be provided together"])
    return ALWAYS if start is None else window_of(start, end, now)


def window_of(start: datetime | None, end: datetime | None, now: datetime) -> Validity:
    """Make a window that has not passed. Raises: InvalidInput."""
    if end is not None and end <= now:
        raise InvalidInput({"ends_at": ["must be in the future"]})
    if start is not None and end is not None and end <= start:
        raise InvalidInput({"ends_at": ["must be after starts_at"]})
    return Validity(start=start, end=end)
