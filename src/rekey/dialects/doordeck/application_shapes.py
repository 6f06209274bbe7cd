"""Applications as the API shows and takes them.

Clients refuse a whole application for one URL that is none or one key without `use`, so what comes in is
checked, and what goes out is filled up. Source: Doordeck contract, sections 6.1 to 6.3.
"""

import re
from base64 import urlsafe_b64encode
from datetime import UTC
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.platform_wire import ApplicationFields, NewApplication
from rekey.dialects.doordeck.translate import epoch
from rekey.domain.application import Application, ApplicationKey, ForeignAccount
from rekey.domain.document import DocumentBody, DocumentValue
from rekey.domain.journal import JsonValue

Object = dict[str, JsonValue]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PREFERENCES: Object = {
    "senderEmail": "info@doordeck.com",
    "senderName": "Doordeck",
    "primaryColour": "#00283C",
    "secondaryColour": "#45BDD1",
    "onlySendEssentialEmails": False,
    "callToAction": None,
}
_SHOWN = ("mailingAddress", "companyName", "privacyPolicy", "supportContact", "appLink", "logoUrl")
_KEY_MEMBERS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("kty", "use", "kid", "alg", "x5u", "x5t", "x5t#S256"), (str,)),
    **dict.fromkeys(("key_ops", "x5c"), (list,)),
    **dict.fromkeys(("exp", "nbf", "iat"), (int,)),
}
_KEY_NUMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
CDN = "cdn.doordeck.com"


def show_application(application: Application) -> Object:
    profile = application.profile
    preferences = profile.get("emailPreferences")
    return {
        "applicationId": application.id,
        "name": application.name,
        "lastUpdated": epoch(application.updated_at),
        "owners": [*application.owners],
        "corsDomains": [*application.origins],
        "authDomains": [*application.issuers],
        **{name: _plain(profile.get(name)) for name in _SHOWN},
        "slug": None,
        "emailPreferences": {**_PREFERENCES, **(_object(preferences))},
        "authKeys": {key.kid: _object(key.jwk) for key in application.keys},
        "oauth": None,
        "isDoordeckApplication": False,
        "identityKey": _show_identity_key(application),
    }


def show_account(account: ForeignAccount) -> Object:
    """Give a user of an application, with which of its contacts it can be found by."""
    return {
        "userId": account.id,
        "foreignKey": account.subject,
        "displayName": account.name,
        "email": account.email,
        "emailVerified": account.email_verified,
        "telephone": account.phone,
        "telephoneVerified": account.phone_verified,
        "emailIndexed": account.email_listed,
        "telephoneIndexed": account.phone_listed,
        "foreignKeyIndexed": True,
        "lastUpdated": f"{account.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def profile_of(body: NewApplication | ApplicationFields) -> DocumentBody:
    """Give what of a body is kept beside the name. Raises: BadRequest for a URL or colour that clients can't read."""
    _require_url(body.privacy_policy, "privacyPolicy", ("https",))
    _require_url(body.support_contact, "supportContact", ("https", "mailto"))
    _require_url(body.app_link, "appLink", ())
    _require_url(body.logo_url, "logoUrl", ("https", "http"))
    if body.email_preferences is not None:
        for colour in (body.email_preferences.primary_colour, body.email_preferences.secondary_colour):
            if colour is not None and _COLOUR.fullmatch(colour) is None:
                raise BadRequest("A colour has the form #RRGGBB")
    members: DocumentBody = msgspec.to_builtins(body)
    members.pop("name", None)
    return members


def key_of(tree: object) -> ApplicationKey:
    """Read a JSON Web Key: its public part, each member as it came. Raises: BadRequest."""
    if not isinstance(tree, dict):
        raise BadRequest("A key is an object")
    kind = tree.get("kty")
    if not isinstance(kind, str) or kind not in _KEY_NUMBERS:
        raise BadRequest(f"kty must be one of {', '.join(_KEY_NUMBERS)}")
    numbers = _KEY_NUMBERS[kind]
    kinds = {**_KEY_MEMBERS, **dict.fromkeys(numbers, (str,))}
    jwk = {name: tree[name] for name in kinds if tree.get(name) is not None}
    for name, value in jwk.items():
        if not isinstance(value, kinds[name]) or isinstance(value, bool):
            raise BadRequest(f"{name} of the key is of the wrong type")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise BadRequest(f"{name} of the key must hold texts")
    if missing := [name for name in ("kid", *numbers) if not jwk.get(name)]:
        raise BadRequest(f"The key lacks {', '.join(missing)}")
    return ApplicationKey(kid=str(jwk["kid"]), jwk={**jwk, "use": jwk.get("use", "sig")})


def require_issuer(url: str, own: str) -> str:
    """Give an issuer back. Raises: BadRequest for no absolute URI, and for the name of this server itself."""
    if not _scheme_of(url) or any(character.isspace() for character in url) or url == own:
        raise BadRequest("An issuer is an absolute URI of the application's own")
    return url


def _require_url(url: str | None, name: str, schemes: tuple[str, ...]) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
    except ValueError as malformed:
        raise BadRequest(f"{name} must be a URL") from malformed
    fits = parts.scheme in schemes if schemes else bool(parts.scheme)
    if not fits or not (parts.netloc or parts.path) or any(character.isspace() for character in url):
        raise BadRequest(f"{name} must be a URL{' of the scheme ' + ' or '.join(schemes) if schemes else ''}")
    if name == "logoUrl" and parts.hostname != CDN:
        raise BadRequest(f"logoUrl must lie on {CDN}: upload the picture first")


def _scheme_of(url: str) -> str:
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _show_identity_key(application: Application) -> Object | None:
    """Give the key to which an application encrypts the identities that it asks for; none if another API made it."""
    if not application.identity_public:
        return None
    public = load_der_public_key(application.identity_public)
    if not isinstance(public, RSAPublicKey):
        raise TypeError("an identity key is RSA")
    numbers = public.public_numbers()
    return {
        "kty": "RSA",
        "use": "enc",
        "alg": "RSA-OAEP-256",
        "kid": application.id,
        "n": _base64url(numbers.n),
        "e": _base64url(numbers.e),
    }


def _base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _object(value: DocumentValue) -> Object:
    return {name: _plain(member) for name, member in value.items()} if isinstance(value, dict) else {}


def _plain(value: DocumentValue) -> JsonValue:
    """Give a kept value as it goes out; profiles hold no fractions."""
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) else value
