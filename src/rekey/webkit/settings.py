"""What every dialect is told about the server that it is mounted on."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectSettings:
    """A dialect keeps its key files under `data`/keys/<its name>, made on first need.

    `public_url` is how clients reach the server, without a slash at the end; None means that links are made
    from the request. `trusted_proxies` are networks (CIDR) whose `X-Forwarded-For` is believed.
    `registration` is "open" when strangers may make an account, else "closed". `sandbox` says that the
    server's keys and doors are for trying out.
    """

    data: Path
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    registration: str = "open"
    sandbox: bool = False

    def keys(self, dialect: str) -> Path:
        """Give the directory of a dialect's key files, made for its owner alone if it is not there."""
        directory = self.data / "keys" / dialect
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory
