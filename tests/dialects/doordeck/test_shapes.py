"""The strict reader itself: each wrong member alone makes it refuse the whole answer."""

from typing import Any

import pytest

from tests.dialects.doordeck.shapes import AUDIT_V2, LOCK, SITE, Refused

ID = "11111111-1111-4111-8111-111111111111"
SETTINGS: dict[str, Any] = {
    "unlockTime": 5,
    "permittedAddresses": [],
    "defaultName": "Front",
    "tiles": [],
    "hidden": False,
}
A_LOCK: dict[str, Any] = {
    "id": ID,
    "name": "Front",
    "role": "USER",
    "favourite": False,
    "state": {},
    "settings": SETTINGS,
}


@pytest.mark.parametrize("member", A_LOCK)
def test_a_lock_without_one_member_or_with_a_null_is_refused(member: str) -> None:
    LOCK(A_LOCK, "lock")
    with pytest.raises(Refused):
        LOCK({name: value for name, value in A_LOCK.items() if name != member}, "lock")
    with pytest.raises(Refused):
        LOCK({**A_LOCK, member: None}, "lock")


@pytest.mark.parametrize(
    "changed",
    [
        {"tiles": None},
        {"capabilities": None},
        {"capabilities": {"TELEPORT": "SUPPORTED"}},
        {"capabilities": {"OPEN_HOURS": "PERHAPS"}},
        {"usageRequirements": {"time": None}},
        {"usageRequirements": {"location": {"latitude": 1, "longitude": 1, "enabled": True, "radius": 20.0}}},
        {"hidden": "no"},
    ],
)
def test_settings_with_one_wrong_member_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        LOCK({**A_LOCK, "settings": {**SETTINGS, **changed}}, "lock")


def test_an_event_of_an_unknown_type_or_without_an_issuer_is_refused() -> None:
    event = {"deviceId": ID, "timestamp": 1, "type": "DOOR_LOCK", "issuer": {"userId": ID}, "rejected": False}
    AUDIT_V2(event, "event")
    changes: tuple[dict[str, Any], ...] = (
        {"type": "DOOR_MELTED"},
        {"issuer": None},
        {"issuer": {}},
        {"rejected": None},
    )
    for changed in changes:
        with pytest.raises(Refused):
            AUDIT_V2({**event, **changed}, "event")


def test_a_site_whose_radius_has_a_fraction_is_refused() -> None:
    site = {"id": ID, "name": "x", "colour": "#000000", "longitude": 0, "latitude": 0.5}
    times = {"created": 1, "updated": 1}
    SITE({**site, **times, "radius": 20}, "site")
    with pytest.raises(Refused):
        SITE({**site, **times, "radius": 20.0}, "site")
