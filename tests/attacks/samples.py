"""What a well formed request to each route looks like; a new body type or Kisi route needs its line here."""

from collections.abc import Callable
from typing import Any

from tests.attacks.estate import Ids

Body = dict[str, Any]
Make = Callable[[Ids], Body]

PATH_KIND: dict[str, Callable[[Ids], str]] = {
    "site": lambda ids: ids["site"].id,
    "door": lambda ids: ids["door"].id,
    "lock": lambda ids: ids["door"].id,
    "group": lambda ids: ids["door_group"].id,
    "person": lambda ids: ids["person"].id,
    "user": lambda ids: ids["person"].id,
    "team": lambda ids: ids["team"].id,
    "grant": lambda ids: ids["grant"].id,
    "revocation": lambda ids: ids["revocation"].id,
    "order": lambda ids: ids["order"].id,
    "key": lambda ids: ids["key"].id,
    "position": lambda _ids: "900001",
    "email": lambda _ids: "guest@people.test",
}

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
}

SEAM_KIND = {
    "device_id": "door",
    "device_ids": "door",
    "acs_entrance_id": "door",
    "acs_entrance_ids": "door",
    "user_identity_id": "person",
    "user_identity_ids": "person",
    "acs_user_id": "enrolment",
    "acs_system_id": "site",
    "acs_system_ids": "site",
    "acs_access_group_id": "door_group",
    "acs_access_group_ids": "door_group",
    "action_attempt_id": "order",
    "action_attempt_ids": "order",
}

BODY_BY_TYPE: dict[str, Make] = {
    "NewOrganization": lambda _ids: {
        "name": "Initech",
        "domain": "initech",
        "owner_email": "bill@initech.test",
        "owner_name": "Bill",
        "site": "HQ",
        "time_zone": "UTC",
    },
    "NewSite": lambda _ids: {"name": "Annex", "time_zone": "UTC", "address": ""},
    "SiteEdit": lambda _ids: {"name": "Renamed", "time_zone": "Europe/Paris", "address": "Street 1"},
    "NewDoor": lambda ids: {
        "name": "Side",
        "site": ids["site"].id,
        "driver": "simulated",
        "driver_settings": {"offline": "false"},
        "description": "",
        "open_seconds": 5,
    },
    "DoorEdit": lambda _ids: {"name": "Renamed", "description": "", "open_seconds": 7},
    "OpenRequest": lambda ids: {"person": ids["person"].id},
    "ModeRequest": lambda _ids: {"mode": "unlocked"},
    "Reasoned": lambda _ids: {"reason": "a reason"},
    "NewDoorGroup": lambda ids: {"name": "Labs", "description": "", "site": ids["site"].id},
    "DoorGroupEdit": lambda _ids: {"name": "Renamed", "description": ""},
    "NewPerson": lambda _ids: {
        "name": "Cy",
        "email": "cy@people.test",
        "phone": "+15550100",
        "external_key": "cy-1",
        "notes": "",
    },
    "PersonEdit": lambda _ids: {
        "name": "Renamed",
        "email": "renamed@people.test",
        "phone": "+15550101",
        "external_key": "renamed-1",
        "notes": "",
    },
    "BlockRequest": lambda _ids: {"until": "2199-01-01T00:00:00Z", "reason": ""},
    "RevokeRequest": lambda ids: {
        "door": ids["door"].id,
        "site": None,
        "everywhere": False,
        "plan": False,
        "cascade": False,
        "reason": "",
    },
    "NewTeam": lambda _ids: {"name": "Night shift"},
    "NewGrant": lambda ids: {
        "person": ids["person"].id,
        "team": None,
        "door": ids["door"].id,
        "door_group": None,
        "site": None,
        "organization": False,
        "role": "basic",
        "start": "2026-01-01T00:00:00Z",
        "end": "2199-01-01T00:00:00Z",
    },
    "GrantEdit": lambda _ids: {
        "role": "basic",
        "start": "2026-01-01T00:00:00Z",
        "end": "2199-01-01T00:00:00Z",
    },
    "NewKey": lambda _ids: {
        "name": "Another",
        "permissions": ["estate_read"],
        "expires_at": "2199-01-01T00:00:00Z",
    },
    "PresentRequest": lambda ids: {"person": ids["person"].id},
    "Login": lambda _ids: {"email": "nobody@people.test", "password": "wrong"},
    "Registration": lambda _ids: {
        "email": "nobody@people.test",
        "password": "a long enough password",
        "displayName": "Nobody",
        "ephemeralKey": None,
    },
    "EphemeralKey": lambda _ids: {"ephemeralKey": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    "DisplayName": lambda _ids: {"displayName": "Renamed"},
    "LockUpdate": lambda _ids: {"settings": {"defaultName": "Renamed"}},
}


def _wrapped(name: str, /, **attributes: Any) -> Make:
    return lambda _ids: {name: dict(attributes)}


KISI_BODY: dict[tuple[str, str], Make] = {
    ("POST", "/logins"): _wrapped("login", type="device", email="ada.a@people.test", name="x", expire=True),
    ("PATCH", "/login"): _wrapped("login", name="Renamed"),
    ("POST", "/users"): _wrapped("user", email="cy@people.test", name="Cy", notes="", access_enabled=True),
    ("PATCH", "/users/{id}"): _wrapped(
        "user", name="Renamed", notes="", access_enabled=False, scim_access_enabled=False
    ),
    ("POST", "/teams"): _wrapped("team", name="Night shift"),
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
    ("POST", "/places"): _wrapped("place", name="Annex", address="", time_zone="UTC"),
    ("PATCH", "/places/{id}"): _wrapped("place", name="Renamed", address="", time_zone="UTC"),
    ("POST", "/locks"): lambda ids: {
        "lock": {"name": "Side", "place_id": ids["site"].number, "description": ""}
    },
    ("PATCH", "/locks/{id}"): _wrapped("lock", name="Renamed", description=""),
    ("POST", "/groups"): lambda ids: {
        "group": {"name": "Labs", "description": "", "place_id": ids["site"].number}
    },
    ("PATCH", "/groups/{id}"): _wrapped("group", name="Renamed", description=""),
    ("POST", "/group_locks"): lambda ids: {
        "group_lock": {"group_id": ids["door_group"].number, "lock_id": ids["door"].number}
    },
}
