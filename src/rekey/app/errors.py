"""Why the server does not start. Each text says what to do.

SetupError
├── SettingRefused      a setting has no meaning that we know (name)
├── NotInitialized      there is no organization in the store, or a key file is missing
├── AlreadyInitialized  `init` on a store that has an organization
├── DriverUnknown       no installed package offers a driver of that name
└── DriverNotLoaded     the driver's package is broken
"""

from pathlib import Path


class SetupError(Exception):
    """Base of all; the text holds no secret."""


class SettingRefused(SetupError):
    """A setting has no meaning that we know."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"setting {name}: {reason}")
        self.name = name


class NotInitialized(SetupError):
    """There is no organization in the store, or a key file is missing."""

    def __init__(self, data: Path, missing: str) -> None:
        super().__init__(f"{data} is not ready ({missing}): run `rekey init --data {data}` first")
        self.data = data


class AlreadyInitialized(SetupError):
    """`init` on a store that has an organization."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"the store of {data} has an organization already; it was left as it is")
        self.data = data


class DriverUnknown(SetupError):
    """No installed package offers a driver of that name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no driver is named {name!r}; installed are: {', '.join(known) or 'none'}")
        self.name = name


class DriverNotLoaded(SetupError):
    """The driver's package is broken."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"the driver {name!r} could not be loaded: {why}")
        self.name = name
