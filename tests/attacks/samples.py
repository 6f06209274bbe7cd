"""What a well formed request to each route looks like; a new body type needs its line here (Kisi: `kisi_samples`)."""

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
    "credential": lambda ids: ids["credential"].id,
    "link": lambda ids: ids["link"].id,
    "import": lambda ids: ids["import"].id,
    "rule": lambda ids: ids["rule"].id,
    "application": lambda ids: ids["application"].id,
    "kid": lambda _ids: "k1",
    "tile": lambda ids: ids["door"].id,
    "file": lambda ids: f"{ids['application'].id}.png",
    "position": lambda _ids: "900001",
    "email": lambda _ids: "guest@people.test",
    "domain": lambda _ids: "nowhere",
    "region": lambda _ids: "DE",
    "token": lambda _ids: "nowhere.unknown",
    "secret": lambda _ids: "nowhere.unknown",
    "name": lambda _ids: "unsigned",
    "subscription": lambda ids: ids["webhook"].id,
    "delivery": lambda ids: ids["delivery"].id,
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
    "merged_user_identity_ids": "person",
    "space_id": "space",
    "space_ids": "space",
    "connected_account_id": "upstream",
    "connected_account_ids": "upstream",
    "connect_webview_id": "page",
    "connect_webview_ids": "page",
    "client_session_id": "client_session",
    "webhook_id": "webhook",
    "acs_credential_id": "seam_credential",
    "acs_encoder_id": "encoder",
    "instant_key_id": "web_key",
}

BODY_BY_TYPE: dict[str, Make] = {
    "NoBody": lambda _ids: {},
    "NewLink": lambda ids: {"name": "Visitor", "doors": [ids["door"].id], "code": "86420"},
    "NewCredential": lambda ids: {"kind": "pin", "person": ids["person"].id, "code": "97531"},
    "Assignment": lambda ids: {"person": ids["person"].id, "second_factor": "4711"},
    "Presented": lambda _ids: {"kind": "card", "card_type": "hf_uid", "identifiers": {"uid": "04A1B2C3"}},
    "SiteMapEdit": lambda _ids: {
        "latitude": 52.5,
        "longitude": 13.4,
        "radius": 20,
        "colour": "#112233",
        "logo_url": "https://acme.test/logo.png",
    },
    "ApplicationEdit": lambda _ids: {"name": "Renamed", "suspended": True},
    "ApplicationToAdd": lambda ids: {
        "name": "Calendar",
        "owner": ids["person"].id,
        "return_urls": ["https://calendar.test/back"],
    },
    "NewApplication": lambda _ids: {"name": "Tower", "companyName": "Tower", "mailingAddress": "Street 1"},
    "ApplicationFields": lambda _ids: {
        "name": "Renamed",
        "privacyPolicy": "https://tower.test/privacy",
        "emailPreferences": {"senderName": "Tower", "primaryColour": "#112233"},
    },
    "LogoRequest": lambda _ids: {"contentType": "image/png"},
    "UrlBody": lambda _ids: {"url": "https://issuer.test"},
    "OwnerBody": lambda ids: {"userId": ids["person"].id},
    "JsonWebKey": lambda _ids: {
        "kty": "OKP",
        "crv": "Ed25519",
        "kid": "k2",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    },
    "TileDoors": lambda ids: {"siteId": ids["site"].id, "devices": [ids["door"].id]},
    "GatewayController": lambda _ids: {"type": "demo", "port": 8080},
    "GatewayDoor": lambda ids: {
        "name": "Lab",
        "siteId": ids["site"].id,
        "key": {"type": "demo", "port": 8080},
    },
    "GatewayLogin": lambda _ids: {"email": "nobody@people.test", "password": "wrong"},
    "GatewayDiscovery": lambda _ids: {"type": "demo", "port": "8080"},
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
    "NewCalendarRule": lambda ids: {
        "consequence": "allow",
        "timing": {"kind": "weekly", "days": ["monday"], "start": "09:00", "end": "17:00"},
        "door": ids["door"].id,
    },
    "CalendarRuleEdit": lambda _ids: {"name": "Summer", "enabled": False},
    "DoorConditionsEdit": lambda _ids: {"permitted_addresses": ["10.0.0.0/8"], "proximity": True},
    "GroupConditionsEdit": lambda _ids: {"tap_only": True, "geofence_radius": 300},
    "OpenRequest": lambda ids: {"person": ids["person"].id},
    "ModeRequest": lambda _ids: {"mode": "unlocked"},
    "PeopleRemoval": lambda ids: {"people": [ids["person"].id], "reason": "a reason"},
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
    "DirectoryEdit": lambda _ids: {
        "enabled": True,
        "ends_sign_ins": True,
        "silent_after_hours": 24,
        "leaver_limit": 20,
        "leaver_minutes": 60,
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
    "KeyProof": lambda _ids: {"verificationSignature": "AAAA"},
    "PasswordChange": lambda _ids: {"oldPassword": "wrong", "newPassword": "a long enough password"},
    "ResetRequest": lambda _ids: {"email": "nobody@people.test"},
    "PasswordReset": lambda _ids: {
        "userId": "00000000-0000-4000-8000-00000000ffff",
        "token": "unknown",
        "password": "a long enough password",
    },
    "LockUpdate": lambda _ids: {"settings": {"defaultName": "Renamed"}},
    "NewSubscription": lambda ids: {
        "url": "https://hooks.example/in",
        "name": "Hook",
        "events": ["door.opened"],
        "site": ids["site"].id,
    },
    "SubscriptionEdit": lambda _ids: {"name": "Renamed", "enabled": False},
}


_SCIM_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SCIM_KIND = {"Users": "person", "Groups": "team"}
SCIM_NAMES = {"name": "User", "urn": _SCIM_USER}


def _operation(path: str, value: Any) -> Body:
    schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
    return {"schemas": [schema], "Operations": [{"op": "replace", "path": path, "value": value}]}


def _scim_search(_ids: Ids) -> Body:
    return {"filter": "id pr", "startIndex": 1, "count": 5, "attributes": ["id"]}


SCIM_BODY: dict[tuple[str, str], Make] = {
    ("POST", "/Users"): lambda _ids: {
        "schemas": [_SCIM_USER],
        "userName": "cy@people.test",
        "externalId": "cy-1",
        "active": True,
        "name": {"givenName": "Cy", "familyName": "Young"},
        "emails": [{"value": "cy@people.test", "type": "work", "primary": True}],
    },
    ("PUT", "/Users/{id}"): lambda _ids: {
        "userName": "renamed@people.test",
        "displayName": "Renamed",
        "active": False,
    },
    ("PATCH", "/Users/{id}"): lambda _ids: _operation("active", False),
    ("POST", "/Groups"): lambda ids: {
        # A name is taken once, so each sample has its own.
        "displayName": f"Shift of {ids['person'].id}",
        "externalId": f"shift of {ids['person'].id}",
        "members": [{"value": ids["person"].id, "type": "User"}],
    },
    ("PUT", "/Groups/{id}"): lambda ids: {
        "displayName": "Renamed",
        "members": [{"value": ids["person"].id}],
    },
    ("PATCH", "/Groups/{id}"): lambda ids: _operation("members", [{"value": ids["person"].id}]),
    ("POST", "/Users/.search"): _scim_search,
    ("POST", "/Groups/.search"): _scim_search,
    ("POST", "/.search"): _scim_search,
}
