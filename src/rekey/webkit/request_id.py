"""Request ids: UUID version 4 as text."""

import os
from collections.abc import Callable


def uuid4_text(random: Callable[[int], bytes]) -> str:
    """Make a UUID version 4 from 16 bytes of the source. Source: RFC 9562 section 5.4."""
    bits = int.from_bytes(random(16))
    bits = bits & ~(0xF000 << 64) | (0x4000 << 64)
    bits = bits & ~(0xC000 << 48) | (0x8000 << 48)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_request_id() -> str:
    """Make a request id from the random source of the operating system."""
    return uuid4_text(os.urandom)
