"""Bodies that clients send. Unknown members are ignored and null means absent, as the SDK needs it."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field


class Login(Struct):
    """POST /auth/token."""

    email: str
    password: str


class Registration(Struct, rename="camel"):
    """POST /auth/register."""

    email: str
    password: str
    display_name: str | None = None
    ephemeral_key: str | None = None


class EphemeralKey(Struct, rename="camel"):
    """POST /auth/certificate."""

    ephemeral_key: str


class KeyProof(Struct, rename="camel"):
    """POST /auth/certificate/check."""

    verification_signature: str


class PasswordChange(Struct, rename="camel"):
    """POST /account/password."""

    old_password: str
    new_password: str


class ResetRequest(Struct):
    """POST /account/password/reset/initialize."""

    email: str


class PasswordReset(Struct, rename="camel"):
    """POST /account/password/reset/verify."""

    user_id: str
    token: str
    password: str


class DisplayName(Struct, rename="camel"):
    """POST /account."""

    display_name: str


class DirectoryQuery(Struct, rename="camel"):
    """POST /directory/query, version 1: exactly one of them."""

    email: str | None = None
    telephone: str | None = None
    local_key: str | None = None
    foreign_key: str | None = None
    identity: str | None = None


class DirectoryQueries(Struct, rename="camel"):
    """POST /directory/query, version 2: up to 25 in total."""

    email: list[str] = field(default_factory=list)
    telephone: list[str] = field(default_factory=list)
    local_key: list[str] = field(default_factory=list)
    foreign_key: list[str] = field(default_factory=list)


class SettingsUpdate(Struct, rename="camel"):
    """The lock's part of PUT /device/{id}; what is `Any` is known, and refused for now."""

    default_name: str | UnsetType = UNSET
    permitted_addresses: Any = UNSET
    permitted_address: Any = UNSET
    hidden: Any = UNSET
    delay: Any = UNSET
    tx_beacon_rssi: Any = UNSET
    rx_beacon_rssi: Any = UNSET
    proximity_unlock: Any = UNSET
    direct_access_endpoints: Any = UNSET
    capabilities: Any = UNSET
    usage_requirements: Any = UNSET


class LockUpdate(Struct):
    """PUT /device/{id}."""

    name: Any = UNSET
    favourite: Any = UNSET
    colour: Any = UNSET
    settings: SettingsUpdate | UnsetType = UNSET

    def unserved(self) -> tuple[str, ...]:
        """Name the members that are known but can't be stored yet."""
        own = tuple(name for name in ("name", "favourite", "colour") if getattr(self, name) is not UNSET)
        if self.settings is UNSET:
            return own
        settings = self.settings
        fields = (name for name in settings.__struct_fields__ if name != "default_name")
        return own + tuple(f"settings.{name}" for name in fields if getattr(settings, name) is not UNSET)
