"""What a well formed request to each route of the Kisi API looks like; a new route needs its line here."""

from collections.abc import Callable
from typing import Any

from rekey.dialects.kisi.hardware import MISSING
from tests.attacks.estate import Ids
from tests.attacks.kisi_estate import WEEKLY

Body = dict[str, Any]
Make = Callable[[Ids], Body]

# A kind of thing, or the id itself where it is a name that all organizations share.
KISI_KIND = {
    "logins": "key",
    "users": "person",
    "teams": "team",
    "team_memberships": "membership",
    "roles": "group_basic",
    "role_assignments": "grant",
    "places": "site",
    "locks": "door",
    "groups": "door_group",
    "group_locks": "place_in_group",
    "integrations": "integration",
    "event_sets": "event_set",
    "members": "member",
    "guests": "guest",
    "shares": "grant",
    "floors": "floor",
    "reports": "report",
    "scheduled_reports": "scheduled_report",
    "elevators": "elevator",
    "elevator_stops": "elevator_stop",
    "group_elevator_stops": "stop_in_group",
    "schedules": "schedule",
    "cards": "card",
    "card_assignments": "card",
    "group_links": "group_link",
    "csv_user_imports": "import",
    "csv_card_imports": "import",
    **dict.fromkeys((one.path.strip("/") for one in MISSING), "hardware"),
}


def _wrapped(name: str, /, **attributes: Any) -> Make:
    return lambda _ids: {name: dict(attributes)}


KISI_BODY: dict[tuple[str, str], Make] = {
    ("POST", "/logins"): _wrapped("login", type="device", email="ada.a@people.test", name="x", expire=True),
    ("PATCH", "/login"): _wrapped("login", name="Renamed"),
    ("POST", "/logins/resolve"): _wrapped("login", resolution_token="unknown", device_uid="phone"),
    ("POST", "/login/offline_certificate"): _wrapped("login", beacon_id=1),
    ("POST", "/oauth/token"): lambda _ids: {"grant_type": "refresh_token", "refresh_token": "unknown"},
    ("PATCH", "/user"): _wrapped("user", name="Renamed", locale="de"),
    ("PATCH", "/users/user"): _wrapped("user", name="Renamed", locale="de"),
    ("POST", "/users/password"): _wrapped("user", email="nobody@people.test", domain="acme"),
    ("PATCH", "/users/password"): _wrapped(
        "user", password="a long enough password", reset_password_token="acme.unknown"
    ),
    ("POST", "/user/2fa/activate"): _wrapped("user", otp_attempt="123456"),
    ("POST", "/user/2fa/deactivate"): _wrapped("user", otp_attempt="123456"),
    ("POST", "/users"): _wrapped("user", email="cy@people.test", name="Cy", notes="", access_enabled=True),
    ("PATCH", "/users/{id}"): _wrapped(
        "user", name="Renamed", notes="", access_enabled=False, scim_access_enabled=False
    ),
    ("POST", "/teams"): _wrapped("team", name="Night shift"),
    ("POST", "/cards"): _wrapped("card", type="third_party_hf", uid="0badcafe"),
    ("PATCH", "/cards/{id}"): _wrapped("card", two_factor_pin="1234"),
    ("POST", "/cards/{id}/assign"): lambda ids: {"card": {"user_id": ids["person"].number}},
    ("POST", "/card_assignments"): lambda ids: {
        "card_assignment": {
            "card_id": ids["card"].number,
            "assignee_type": "User",
            "assignee_id": ids["person"].number,
            "two_factor_pin": "1234",
        }
    },
    ("PATCH", "/card_assignments/{id}"): _wrapped("card_assignment", two_factor_pin="1234"),
    ("POST", "/group_links"): lambda ids: {
        "group_link": {"group_id": ids["door_group"].number, "name": "Vera", "email": "vera@people.test"}
    },
    ("POST", "/signed_upload_urls"): _wrapped(
        "signed_upload_url", file_name="c.csv", file_type="csv_card_import"
    ),
    ("POST", "/csv_user_imports"): lambda _ids: {"file_name": "unknown.csv"},
    ("POST", "/csv_card_imports"): lambda _ids: {"file_name": "unknown.csv"},
    ("POST", "/team_memberships"): lambda ids: {
        "team_membership": {
            "team_id": ids["team"].number,
            "member_id": ids["person"].number,
            "member_type": "User",
        }
    },
    ("POST", "/role_assignments"): lambda ids: {
        "role_assignment": {
            "applies_to_type": "Group",
            "applies_to_id": ids["door_group"].number,
            "assignee_type": "User",
            "assignee_id": ids["person"].number,
            "role_id": "group_basic",
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_until": "2199-01-01T00:00:00Z",
        }
    },
    ("PATCH", "/role_assignments/{id}"): _wrapped(
        "role_assignment",
        role_id="group_basic",
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2199-01-01T00:00:00Z",
    ),
    ("POST", "/members"): _wrapped("member", email="dy@people.test", name="Dy", access_enabled=True),
    ("PATCH", "/members/{id}"): _wrapped("member", name="Renamed", notes="", access_enabled=False),
    ("POST", "/guests"): _wrapped("guest", name="Gil", email="gil@people.test", phone_number="+15550102"),
    ("PATCH", "/teams/{id}"): _wrapped("team", name="Day shift"),
    ("POST", "/shares"): lambda ids: {
        "share": {"email": "ey@people.test", "group_id": ids["door_group"].number, "role_id": "basic"}
    },
    ("PATCH", "/shares/{id}"): _wrapped("share", role_id="manager", valid_until="2199-01-01T00:00:00Z"),
    ("POST", "/invites"): lambda ids: {
        "invite": {
            "invites_to_type": "Group",
            "invites_to_id": ids["door_group"].number,
            "invitee": {"resource_type": "User", "email": "fy@people.test"},
        }
    },
    ("POST", "/users/sign_in"): _wrapped("user", email="nobody@people.test", password="wrong"),
    ("POST", "/users/sign_up"): lambda _ids: {
        "user": {"password": "a long enough password", "terms_and_conditions": True},
        "token": "acme.unknown",
    },
    ("PATCH", "/organization"): _wrapped("organization", name="Renamed", address="Street 1"),
    ("POST", "/organizations/find"): _wrapped("user", email="nobody@people.test"),
    ("POST", "/organization/request_transfer"): lambda ids: {"transfer_to_id": ids["person"].number},
    ("POST", "/floors"): lambda ids: {
        "floor": {"number": 2, "name": "Second", "place_id": ids["site"].number}
    },
    ("POST", "/reports"): _wrapped("report", name="Users", reporter_id=2),
    ("POST", "/reports/{id}/download"): lambda _ids: {},
    ("POST", "/scheduled_reports"): _wrapped("scheduled_report", **WEEKLY),
    ("PATCH", "/scheduled_reports/{id}"): _wrapped("scheduled_report", enabled=False),
    ("PATCH", "/floors/{id}"): _wrapped("floor", name="Renamed", number=3),
    ("POST", "/elevators"): lambda ids: {"elevator": {"name": "East", "place_id": ids["site"].number}},
    ("PATCH", "/elevators/{id}"): _wrapped("elevator", name="Renamed"),
    ("POST", "/elevator_stops"): lambda ids: {
        "elevator_stop": {"elevator_id": ids["elevator"].number, "floor_id": ids["floor"].number}
    },
    ("PATCH", "/elevator_stops/{id}"): lambda ids: {"elevator_stop": {"floor_id": ids["floor"].number}},
    ("POST", "/group_elevator_stops"): lambda ids: {
        "group_elevator_stop": {
            "group_id": ids["door_group"].number,
            "elevator_stop_id": ids["elevator_stop"].number,
        }
    },
    ("POST", "/places"): _wrapped("place", name="Annex", address="Main 1", time_zone="UTC"),
    ("PATCH", "/places/{id}"): _wrapped("place", name="Renamed", address="", time_zone="UTC"),
    ("POST", "/locks"): lambda ids: {
        "lock": {"name": "Side", "place_id": ids["site"].number, "description": ""}
    },
    ("PATCH", "/locks/{id}"): _wrapped(
        "lock",
        name="Renamed",
        description="",
        time_restriction_enabled=False,
        reader_restriction_enabled=False,
    ),
    ("POST", "/locks/{id}/unlock"): lambda _ids: {
        "context": {
            "location": {"latitude": 52.5, "longitude": 13.4},
            "services": [{"type": "BLE", "available": True, "enabled": True, "authorized": True}],
        },
        "lock": {"proximity_proof": "c2lnbmVk"},
    },
    ("POST", "/schedules"): lambda ids: {
        "schedule": {
            "scheduleable_type": "Group",
            "scheduleable_id": ids["door_group"].number,
            "consequence": "allow",
            "name": "Office",
            "monday": True,
            "starts_at_time": "09:00",
            "ends_at_time": "17:00",
        }
    },
    ("PATCH", "/schedules/{id}"): _wrapped("schedule", name="Renamed", enabled=False, ends_at_time="18:00"),
    ("POST", "/groups"): lambda ids: {
        "group": {"name": "Labs", "description": "", "place_id": ids["site"].number}
    },
    ("PATCH", "/groups/{id}"): _wrapped(
        "group", name="Renamed", description="", login_enabled=True, geofence_restriction_enabled=False
    ),
    ("POST", "/group_locks"): lambda ids: {
        "group_lock": {"group_id": ids["door_group"].number, "lock_id": ids["door"].number}
    },
    ("POST", "/event_sets"): _wrapped("event_set", event_type="lock.unlock", event_success=True),
    ("POST", "/integrations"): _wrapped(
        "integration", name="Hook", type="event_webhook", url="https://hooks.example/in", signature_key="k"
    ),
    ("PATCH", "/integrations/{id}"): _wrapped("integration", name="Renamed", enabled=False),
}
