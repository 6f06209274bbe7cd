"""The directory (an identity provider) that provisions people and teams, and what is known of its calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from unicodedata import normalize

SAME_ALARM_AFTER = timedelta(hours=1)
CALLS_KEPT = 10_000


class DirectoryKind(StrEnum):
    """What a directory provisions."""

    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """What a directory keeps of one person or team; who has an entry is provisioned by the directory.

    `name` is the directory's own name of it (a user name or a display name), unique whatever its case.
    `attributes` are JSON, kept as they were written.
    """

    kind: DirectoryKind
    id: str
    name: str
    external_id: str | None = None
    attributes: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


class DirectoryAlarm(StrEnum):
    """What owners are told of; append only, because these names are stored."""

    SILENT = "silent"
    MANY_LEAVERS = "many_leavers"
    UNREADABLE_CHANGE = "unreadable_change"
    LAST_OWNER = "last_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryState:
    """How an organization wants its directory, and where it stands with it.

    `configured` says that the key in use has been used. `ends_sign_ins` ends sessions and API keys of
    whom the directory switches off. More than `leaver_limit` people switched off or removed within
    `leaver_minutes`, and no call for `silent_after_hours`, raise an alarm and hold nothing up.
    `calls` counts the calls ever made; `due` are the alarms that nobody has been told of yet, `told` when
    each was last told. `links_door_groups` gives a new team the door group of its name.
    """

    enabled: bool = True
    configured: bool = False
    ends_sign_ins: bool = True
    silent_after_hours: int = 24
    leaver_limit: int = 20
    leaver_minutes: int = 60
    links_door_groups: bool = False
    last_call_at: datetime | None = None
    calls: int = 0
    leavers_since: datetime | None = None
    leavers: int = 0
    due: frozenset[DirectoryAlarm] = frozenset()
    told: Mapping[DirectoryAlarm, datetime] = field(default_factory=dict)

    def called(self, now: datetime) -> "DirectoryState":
        """Count a call that bore a good key; it ends a silence."""
        told: dict[DirectoryAlarm, datetime] = {
            alarm: at for alarm, at in self.told.items() if alarm is not DirectoryAlarm.SILENT
        }
        due = self.due - {DirectoryAlarm.SILENT}
        return replace(self, configured=True, last_call_at=now, calls=self.calls + 1, due=due, told=told)

    def with_leaver(self, now: datetime) -> "DirectoryState":
        """Count somebody who was switched off or removed."""
        began = self.leavers_since
        if began is None or now - began >= timedelta(minutes=self.leaver_minutes):
            counted = replace(self, leavers_since=now, leavers=1)
        else:
            counted = replace(self, leavers=self.leavers + 1)
        return (
            counted.with_alarm(DirectoryAlarm.MANY_LEAVERS)
            if counted.leavers > self.leaver_limit
            else counted
        )

    def with_alarm(self, alarm: DirectoryAlarm) -> "DirectoryState":
        return replace(self, due=self.due | {alarm})

    def is_silent(self, now: datetime) -> bool:
        """Say whether a directory that is in use has not called for too long."""
        if not (self.enabled and self.configured) or self.last_call_at is None:
            return False
        return now - self.last_call_at > timedelta(hours=self.silent_after_hours)

    def alarms(self, now: datetime) -> frozenset[DirectoryAlarm]:
        """Give what the owners are to be told now: a silence once, any other alarm at most once an hour."""
        due = {alarm for alarm in self.due if self._is_news(alarm, now)}
        if self.is_silent(now) and DirectoryAlarm.SILENT not in self.told:
            due.add(DirectoryAlarm.SILENT)
        return frozenset(due)

    def after_telling(self, alarms: frozenset[DirectoryAlarm], now: datetime) -> "DirectoryState":
        return replace(self, due=frozenset(), told={**self.told, **dict.fromkeys(alarms, now)})

    def _is_news(self, alarm: DirectoryAlarm, now: datetime) -> bool:
        last = self.told.get(alarm)
        return last is None or now - last >= SAME_ALARM_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryCall:
    """One call of a directory and what became of it; `number` counts from 1 within the organization.

    `sent` is the body without secrets, cut to a readable length. `subject_id` is the person or team it was about.
    """

    number: int
    at: datetime
    method: str
    path: str
    status: int
    outcome: str = ""
    sent: str = ""
    subject_id: str | None = None
    key_id: str | None = None
    address: str | None = None


def fold_directory_name(name: str) -> str:
    """Fold a directory's name of something to the form that is compared."""
    return normalize("NFC", name).casefold()
