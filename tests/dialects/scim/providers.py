"""What each identity provider really sends, written from the contract (section 6.2).

Every entry switches one user off and on again, as (method, body) of calls on the user; `{}` stands for the
user as it was read before, as providers that PUT send it back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.dialects.scim.api import ENTERPRISE, PATCH, USER

User = dict[str, Any]
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """How one provider creates, switches off and switches on."""

    name: str
    create: dict[str, Any]
    off: Callable[[User], Call]
    on: Callable[[User], Call]
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


def _patch(*operations: dict[str, Any]) -> Call:
    return "PATCH", {"schemas": [PATCH], "Operations": list(operations)}


def _put(user: User, **changes: Any) -> Call:
    return "PUT", {**user, **changes}


_OKTA: dict[str, Any] = {
    "schemas": [USER],
    "userName": "ada@acme.test",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"primary": True, "value": "ada@acme.test", "type": "work"}],
    "displayName": "Ada Lovelace",
    "locale": "en-US",
    "externalId": "00u1ada",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}
_ENTRA: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "58342554-38d6-4ec8-948c-50044d0a33fd",
    "userName": "ada@acme.test",
    "active": True,
    "displayName": "Ada Lovelace",
    "emails": [{"primary": True, "type": "work", "value": "ada@acme.test"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada"},
    "addresses": None,
    "phoneNumbers": None,
    "roles": [],
    ENTERPRISE: {"employeeNumber": None, "department": "Engines", "manager": None},
}
PROVIDERS = (
    Provider(
        name="Okta, catalogue app",
        create=_OKTA,
        off=lambda _: _patch({"op": "replace", "value": {"active": False}}),
        on=lambda _: _patch({"op": "replace", "value": {"active": True}}),
        headers={"content-type": "application/scim+json; charset=utf-8"},
    ),
    Provider(
        name="Okta, wizard-made app",
        create=_OKTA,
        off=lambda user: _put(user, active=False, groups=[]),
        on=lambda user: _put(user, active=True, groups=[], password="new0ne"),
    ),
    Provider(
        name="Entra ID by default",
        create=_ENTRA,
        off=lambda _: _patch({"op": "Replace", "path": "active", "value": "False"}),
        on=lambda _: _patch({"op": "Replace", "path": "active", "value": "True"}),
        headers={"content-type": "application/scim+json; charset=utf-8"},
    ),
    Provider(
        name="Entra ID with its flag",
        create=_ENTRA,
        off=lambda _: _patch(
            {"op": "replace", "path": "active", "value": False},
            {"op": "replace", "value": {"name.givenName": "Augusta", f"{ENTERPRISE}:department": "Past"}},
        ),
        on=lambda _: _patch({"op": "replace", "path": "active", "value": True}),
        query="?aadOptscim062020",
    ),
    Provider(
        name="Google",
        create={
            "schemas": [USER],
            "userName": "ada@acme.test",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "emails": [{"value": "ada@acme.test", "type": "work", "primary": True}],
            "active": True,
        },
        off=lambda user: _put(user, active=False),
        on=lambda user: _put(user, active=True),
    ),
    Provider(
        name="Google by patch",
        create={"schemas": [USER], "userName": "ada@acme.test"},
        off=lambda _: _patch({"op": "replace", "path": "active", "value": False}),
        on=lambda _: _patch({"op": "replace", "path": "active", "value": True}),
    ),
    Provider(
        name="JumpCloud",
        create={
            "schemas": [USER],
            "userName": "ada@acme.test",
            "active": True,
            "name": {"familyName": "Lovelace", "givenName": "Ada"},
            "emails": [{"type": "work", "primary": True, "value": "ada@acme.test"}],
        },
        off=lambda user: _put(user, active=False),
        on=lambda user: _put(user, active=True),
        headers={"content-type": "application/json"},
    ),
    Provider(
        name="OneLogin",
        create={
            "schemas": [USER],
            "userName": "ada@acme.test",
            "externalId": "4711",
            "emails": [{"value": "ada@acme.test", "primary": True}],
            "active": True,
        },
        off=lambda _: _patch({"op": "Replace", "path": "active", "value": [{"value": "False"}]}),
        on=lambda user: _put(user, active="True"),
    ),
)
