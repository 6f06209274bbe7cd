"""The mailbox of everybody in a test's world."""

import re
from dataclasses import dataclass, field

from rekey.ports.notifier import NotDelivered, Notice

_CODE = re.compile(r"\b(?:[0-9a-f]{48}|[0-9]{8})\b")


@dataclass
class Mailbox:
    """Implements `ports.notifier.Notifier`; keeps every notice. While it is `down` it delivers none."""

    reaches_people: bool = False
    down: bool = False
    notices: list[Notice] = field(default_factory=list)

    async def send(self, notice: Notice) -> None:
        if self.down:
            raise NotDelivered("the test took the mail server down")
        self.notices.append(notice)

    def newest(self, to: str) -> Notice:
        """Give the newest notice to an address."""
        return next(notice for notice in reversed(self.notices) if notice.to == to)

    def code(self, to: str) -> str:
        """Give the code in the newest notice to an address."""
        found = _CODE.search(self.newest(to).text)
        assert found is not None, "there is no code in this notice"
        return found.group()

    def count(self, to: str) -> int:
        return sum(notice.to == to for notice in self.notices)
