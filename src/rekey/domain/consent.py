"""What a person agreed to: that an application acts with the person's own rights."""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from rekey.domain.application import origin_of
from rekey.domain.ids import ApplicationId, ConsentId, OperatorId

_LONGEST_URL = 2000
_THIS_MACHINE = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
# A scheme of an app's own bears the name of a domain turned round, so that it is nobody else's by chance.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One yes of one account to one application; the keys that come of it bear its id.

    `return_url` is where the code was sent, `return_named` whether the application named it itself, so that
    it has to repeat it. `challenge` is the S256 form of what only the asking program knows; empty for none.
    """

    id: ConsentId
    application_id: ApplicationId
    operator_id: OperatorId
    return_url: str
    return_named: bool
    challenge: str = ""
    created_at: datetime

    def is_proved_by(self, verifier: str | None) -> bool:
        """Say whether this is what the challenge was made of; without a challenge nothing may be sent."""
        if not self.challenge:
            return verifier is None
        if verifier is None or _VERIFIER.fullmatch(verifier) is None:
            return False
        return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=") == self.challenge

    def returns_to(self, url: str | None) -> bool:
        """Say whether the application asks for its keys from where the code was sent."""
        return not self.return_named if url is None else url == self.return_url


def is_challenge(text: str) -> bool:
    """Say whether this can be the S256 form of a verifier. Source: RFC 7636, section 4.2."""
    return _CHALLENGE.fullmatch(text) is not None


def is_return_url(url: str) -> bool:
    """Say whether codes may be sent there: https, http on this machine, or a scheme of an app's own.

    Source: RFC 6749 section 3.1.2, RFC 8252 section 7.
    """
    if not 0 < len(url) <= _LONGEST_URL or any(not "!" <= char <= "~" for char in url):
        return False
    if "#" in url or "\\" in url:
        return False
    scheme, _colon, _rest = url.partition(":")
    if scheme not in {"http", "https"}:
        return _OWN_SCHEME.fullmatch(scheme) is not None
    try:
        origin = origin_of(url)
    except ValueError:
        return False
    return scheme == "https" or _THIS_MACHINE.fullmatch(origin) is not None
