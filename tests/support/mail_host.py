"""A mail server on loopback that keeps what it is told, for servers that run as processes of their own."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

_SECONDS = 30.0
_CODE = re.compile(r"\b(?:[0-9a-f]{48}|[0-9]{8})\b")


class MailHost:
    """The letters that came, in their order."""

    def __init__(self) -> None:
        self.port = 0
        self._letters: list[tuple[str, str]] = []
        self._news = threading.Condition()

    def take(self, letter: bytes) -> None:
        """Keep one letter."""
        read = message_from_bytes(letter, policy=policy.default)
        body = read.get_body(("plain",))
        with self._news:
            self._letters.append((str(read["To"]), body.get_content() if body else ""))
            self._news.notify_all()

    @property
    def count(self) -> int:
        return len(self._letters)

    def code(self, to: str, *, since: int = 0) -> str:
        """Wait for a letter to this address after the first `since` letters, and give the newest one's code."""

        def found() -> list[str]:
            letters = [text for address, text in self._letters[since:] if to in address]
            return [code.group() for text in letters if (code := _CODE.search(text))]

        with self._news:
            if not self._news.wait_for(found, _SECONDS):
                raise AssertionError(f"no code came to {to}")
            return found()[-1]


@contextmanager
def mail_host() -> Iterator[MailHost]:
    """Serve just enough of RFC 5321 in a thread; the address is `smtp+plain://127.0.0.1:port`."""
    host = MailHost()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.test\r\n")
            for line in self.rfile:
                verb = line.split(maxsplit=1)[0].upper()
                self.wfile.write(_ANSWERS.get(verb, b"250 fine\r\n"))
                if verb == b"DATA":
                    host.take(self._letter())
                    self.wfile.write(b"250 taken\r\n")
                if verb == b"QUIT":
                    return

        def _letter(self) -> bytes:
            lines = iter(self.rfile.readline, b".\r\n")
            return b"".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        host.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join(_SECONDS)


_ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
