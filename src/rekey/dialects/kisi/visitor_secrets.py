"""The secrets of visitors: of group links and of access keys, as addresses and as QR codes.

A secret is `<domain>.<48 hexadecimal digits>`, since whoever shows one names no organization. It is stored
hashed and sealed: hashed to be found, sealed so that readers at doors can be told of it.
"""

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

import segno

from rekey.dialects.kisi.kit import Kit
from rekey.domain.credential import CredentialKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.imprints import imprint
from rekey.operations.issue_credential import NewCredential
from rekey.webkit.message import Request
from rekey.webkit.settings import DialectSettings

# How the credentials of a link or a guest are told apart.
WEB = "Link"
QR_CODES = {"online": "QR code, online", "offline": "QR code, offline"}
QR_TYPES = {label: kind for kind, label in QR_CODES.items()}
ORIGIN = "kisi"
LINK_PAGE, KEY_PAGE = "grouplinks", "accesskeys"
_SECRET_BYTES = 24
_DOT_PIXELS = 6


@dataclass(frozen=True, slots=True)
class Secret:
    """A fresh secret, in clear for this once, and the credential that keeps it."""

    text: str
    credential: NewCredential


def make_secret(kit: Kit, domain: str, label: str, validity: Validity = ALWAYS) -> Secret:
    core = kit.services.core
    text = f"{domain}.{core.entropy.token_bytes(_SECRET_BYTES).hex()}"
    kept = imprint(core.secrets, text)
    credential = NewCredential(
        kind=CredentialKind.LINK,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        label=label,
        origin=ORIGIN,
        validity=validity,
    )
    return Secret(text, credential)


def qr_image(text: str) -> str:
    """Draw a QR code and give it as a PNG in base64."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=_DOT_PIXELS)
    return b64encode(drawn.getvalue()).decode()


def page_url(settings: DialectSettings, request: Request, page: str, secret: str) -> str:
    """Give the address of a visitor's page, below the mount that was called."""
    mounted = str(request.scope.get("root_path", ""))
    if settings.public_url is not None and mounted:
        base = settings.public_url + mounted
    else:
        base = f"{request.scope.get('scheme', 'http')}://{request.header('host') or 'localhost'}{mounted}"
    return f"{base}/{page}/{secret}"
