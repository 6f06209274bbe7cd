"""What every dialect is told about the server that it is mounted on."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectSettings:
    """A dialect keeps its key files under `data`/keys/<its name>, made on first need.

    `public_url` is how clients reach the server, without a slash at the end; None means that links are made
    from the request. `trusted_proxies` are networks (CIDR) whose `X-Forwarded-For` is believed.
    `registration` is "open" when strangers may make an account, else "closed". `calls_per_second` is what one
    caller may do where a wire API's contract limits that; 0 means that nobody counts. `sandbox` says that the
    server's keys and doors are for trying out. `sends_mail` says that notices reach people, and `second_factor`
    that a further signing key of a person is proved by a code.
    """

    data: Path
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    registration: str = "open"
    calls_per_second: int = 5
    sandbox: bool = False
    door_calls_limited: bool = False
    sends_mail: bool = False
    second_factor: bool = False

    def keys(self, dialect: str) -> Path:
        """Give the directory of a dialect's key files, made for its owner alone if it is not there."""
        directory = self.data / "keys" / dialect
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory
