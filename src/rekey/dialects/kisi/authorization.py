"""The Authorization header of this API: a login, and beside it HTTP Basic where the password is asked for again.

Clients send both as two headers or as one with a comma between them; neither may hold a comma itself.
"""

from typing import NamedTuple

from rekey.dialects.kisi.errors import Unauthorized
from rekey.webkit.authorization import AuthorizationRefused, BasicCredentials, parse_basic
from rekey.webkit.message import Request

_BEARER = "bearer "
LOGIN_SCHEMES = ("kisi-login ", _BEARER)
VISITOR_SCHEMES = ("kisi-group-link", "kisi-access-key")
_NOTHING = frozenset({"", "null", "undefined"})


class Login(NamedTuple):
    """The secret of a login; as a bearer it may also be what an application holds for a user."""

    secret: str
    is_bearer: bool


def login_of(request: Request) -> Login | None:
    """Give the login. Raises: Unauthorized for a scheme that is not served."""
    given = [part for part in _parts(request) if part.lower() not in _NOTHING]
    for part in given:
        for scheme in LOGIN_SCHEMES:
            if part.lower().startswith(scheme):
                return Login(part[len(scheme) :].strip(), scheme == _BEARER)
    if given:
        raise Unauthorized("Unknown scheme: send Authorization: KISI-LOGIN <secret>")
    return None


def visitor_secret(request: Request) -> tuple[str, str] | None:
    """Give the scheme and the secret of a link or an access key; None where another scheme or none was sent."""
    for part in _parts(request):
        scheme, _space, secret = part.partition(" ")
        if scheme.lower() in VISITOR_SCHEMES:
            return scheme.lower(), secret.strip()
    return None


def basic_of(request: Request) -> BasicCredentials:
    """Give the e-mail address and password beside the login. Raises: Unauthorized where they are missing."""
    for part in _parts(request):
        try:
            found = parse_basic(part)
        except AuthorizationRefused as malformed:
            raise Unauthorized("The Basic credentials can't be read", "afc516") from malformed
        if found is not None:
            return found
    raise Unauthorized("Send your e-mail address and password by HTTP Basic beside the login", "afc516")


def _parts(request: Request) -> list[str]:
    return [part.strip() for value in request.headers("authorization") for part in value.split(",")]
