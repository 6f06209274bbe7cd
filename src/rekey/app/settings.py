"""Settings: from flags, then `REKEY_*` variables, then a TOML file, then defaults."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rekey.app.adapters.smtp import parse_mail_url
from rekey.app.errors import SettingRefused
from rekey.app.vhosts import VirtualHost, parse_vhost
from rekey.webkit.host import is_valid_host

FILE_NAME = "rekey.toml"
PREFIX = "REKEY_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One field for each setting; docs/configuration.md explains every one.

    `database` None means the embedded store in `data`. `lease_minutes` bounds how long a door may go on
    without a word from the server.
    """

    data: Path = Path("var/rekey")
    database: str | None = None
    host: str = "127.0.0.1"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    port: int = 8080
    vhosts: tuple[VirtualHost, ...] = ()
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    registration: str = "open"
    calls_per_second: int = 5
    mail: str | None = None
    mail_sender: str = "Rekey <rekey@localhost>"
    sms_url: str | None = None
    sms_token: str | None = None
    key_second_factor: str = "auto"
    sandbox: bool = True
    door_calls_limited: bool = False
    drivers: tuple[str, ...] = ("simulated",)
    doors: bool = True
    lease_minutes: int = 15
    outgoing_networks: tuple[str, ...] = ()
    loop: str = "auto"
    log_level: str = "info"

    @property
    def store(self) -> str | Path:
        """Where the store is, as `open_store` takes it."""
        return self.database or self.data / "rekey.db"


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Put the settings together; a flag that is None was not given.

    The file is the flag or variable `config`, else rekey.toml in the data directory where there is one.
    Raises: SettingRefused.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    config = given.pop("config", None) or environment.get(PREFIX + "CONFIG")
    from_environment = _from_environment(environment)
    data = given.get("data") or from_environment.get("data") or Settings().data
    file = Path(config) if config else Path(data) / FILE_NAME
    merged = {**_from_file(file, required=bool(config)), **from_environment, **given}
    return Settings(**{name: _read(name, value) for name, value in merged.items()})


def setting_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Settings))


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: environment[variable]
        for name in setting_names()
        if (variable := PREFIX + name.upper()) in environment
    }


def _from_file(file: Path, *, required: bool) -> dict[str, Any]:
    if not file.exists() and not required:
        return {}
    try:
        found = tomllib.loads(file.read_text())
    except (OSError, ValueError) as unreadable:
        raise SettingRefused("config", f"{file} could not be read: {unreadable}") from unreadable
    unknown = found.keys() - set(setting_names())
    if unknown:
        raise SettingRefused(min(unknown), f"{file} names it, but there is no such setting")
    return found


def _read(name: str, value: Any) -> Any:
    reader = _READERS[name]
    try:
        return reader(value)
    except (ValueError, TypeError) as unfit:
        raise SettingRefused(name, str(unfit)) from unfit


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text that is not empty")
    return value


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if str(value).lower() not in known:
        raise ValueError("must be true or false")
    return known[str(value).lower()]


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        number = int(value)
        if isinstance(value, bool | float) or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return read


def _choice(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return str(value)

    return read


def _path(value: Any) -> Path:
    return Path(value).expanduser()


def _mail(value: Any) -> str:
    if value not in {"none", "console"}:
        parse_mail_url(_text(value))
    return str(value)


def _several(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    return tuple(_text(part).strip() for part in parts if part)


def _networks(value: Any) -> tuple[str, ...]:
    return tuple(str(ip_network(text)) for text in _several(value))


def _vhosts(value: Any) -> tuple[VirtualHost, ...]:
    return tuple(part if isinstance(part, VirtualHost) else parse_vhost(part) for part in _parts(value))


def _parts(value: Any) -> list[Any]:
    return list(_several(value)) if isinstance(value, str) else list(value)


def _url(value: Any) -> str:
    scheme, separator, rest = _text(value).partition("://")
    if scheme not in {"http", "https"} or not separator or not is_valid_host(rest.split("/")[0].encode()):
        raise ValueError("must look like https://rekey.example")
    return str(value).rstrip("/")


def _receiver(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must look like https://gateway.example/messages")
    return str(value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "data": lambda value: Path(value).expanduser(),
    "database": _text,
    "host": _text,
    "tls_cert": _path,
    "tls_key": _path,
    "port": _number(0, 65_535),
    "vhosts": _vhosts,
    "public_url": _url,
    "trusted_proxies": _several,
    "registration": _choice("open", "closed"),
    "calls_per_second": _number(0, 1_000_000),
    "mail": _mail,
    "mail_sender": _text,
    "sms_url": _receiver,
    "sms_token": _text,
    "key_second_factor": _choice("auto", "on", "off"),
    "sandbox": _flag,
    "door_calls_limited": _flag,
    "drivers": _several,
    "doors": _flag,
    "lease_minutes": _number(1, 24 * 60),
    "outgoing_networks": _networks,
    "loop": _choice("auto", "uvloop", "asyncio"),
    "log_level": _choice("debug", "info", "warning", "error"),
}
DEFAULTS: Mapping[str, Any] = {
    field.name: field.default for field in fields(Settings) if field.default is not MISSING
}
