"""Dialects at the root of a host of their own, for clients that know no prefix."""

from dataclasses import dataclass

from rekey.webkit.host import is_valid_host


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualHost:
    """`organization` is the domain of the organization for calls without credentials; None means the first."""

    dialect: str
    host: str
    organization: str | None = None


def parse_vhost(text: str) -> VirtualHost:
    """Read `NAME=HOST` or `NAME@DOMAIN=HOST`. Raises: ValueError that says what is expected."""
    named, separator, host = text.partition("=")
    dialect, at, organization = named.partition("@")
    if not (separator and dialect and is_valid_host(host.encode())) or (at and not organization):
        raise ValueError(f"{text!r} must look like kisi=api.kisi.test or doordeck@acme=host.test")
    return VirtualHost(dialect=dialect, host=host.lower(), organization=organization or None)
