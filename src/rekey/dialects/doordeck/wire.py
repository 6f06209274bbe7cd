"""Bodies that clients send. Unknown members are ignored and null means absent, as the SDK needs it."""

from msgspec import Struct, field


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
