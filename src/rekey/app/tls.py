"""TLS that the server itself ends: certificate and key from files, taken anew on SIGHUP."""

import ssl
from pathlib import Path

import structlog

from rekey.app.errors import SettingRefused
from rekey.app.settings import Settings

_log = structlog.get_logger("rekey.server")


class ServerTls:
    """One context for all connections; `reload` changes what new connections are shown."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.certificate = certificate
        self.key = key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        _load(self.context, certificate, key)

    def reload(self) -> None:
        """Take the files anew; files that do not fit are told to the log and change nothing."""
        try:
            # Tried on a context of its own first: a pair that does not fit would leave half of it loaded.
            _load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), self.certificate, self.key)
            _load(self.context, self.certificate, self.key)
        except SettingRefused as unfit:
            _log.error("tls_not_reloaded", why=str(unfit))
            return
        _log.info("tls_reloaded", certificate=str(self.certificate))


def tls_of(settings: Settings) -> ServerTls | None:
    """Give the server's TLS; None if it speaks plain HTTP. Raises: SettingRefused (tls_cert, tls_key)."""
    if settings.tls_cert is None and settings.tls_key is None:
        return None
    if settings.tls_cert is None:
        raise SettingRefused("tls_cert", "must be given together with tls_key")
    return ServerTls(settings.tls_cert, settings.tls_key or settings.tls_cert)


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        # Asked for a passphrase on the terminal, a server would hang: it gets an empty one, and says no.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError) as unfit:
        raise SettingRefused("tls_cert", f"{certificate} and {key} can't be used: {unfit}") from unfit


def trusting_only(certificate: Path) -> ssl.SSLContext:
    """Give a client's context that trusts exactly what this server shows, whatever host it is for.

    For commands on the server's own machine, which reach it by a loopback address. Raises: OSError.
    """
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    # The file holds the server's chain, mostly without its root.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context
