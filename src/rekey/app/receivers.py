"""Where events may be sent from this server, as its settings have it."""

from collections.abc import Callable
from urllib.parse import urlsplit

from rekey.app.settings import Settings
from rekey.domain.errors import Invalid
from rekey.webkit.outgoing import Outgoing
from rekey.webkit.outgoing_address import OutgoingRefused, OutgoingRules


def make_outgoing(settings: Settings) -> Outgoing:
    """Make what sends, under the rule that the settings give."""
    hosts = {vhost.host for vhost in settings.vhosts}
    if settings.public_url is not None:
        hosts.add(urlsplit(settings.public_url).hostname or "")
    return Outgoing(OutgoingRules(networks=settings.outgoing_networks, own_hosts=frozenset(hosts)))


def refuse_receiver(outgoing: Outgoing) -> Callable[[str], None]:
    """Give the rule in the core's words: it raises Invalid for an address that must not be sent to."""

    def check(url: str) -> None:
        try:
            outgoing.check(url)
        except OutgoingRefused as refused:
            raise Invalid("url", str(refused)) from refused

    return check
