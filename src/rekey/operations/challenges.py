"""Codes that are sent out and come back: making one, finding it, judging the answer; part of several operations."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.domain.errors import Gone, NotFound, TooManyRequests, WrongCode
from rekey.operations.act import Act
from rekey.ports.secrets import Secrets

WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 6
_DIGITS = 8
_TOKEN_BYTES = 24
_SPARE_BYTES = 8


class CodeForm(Enum):
    """Digits are typed in by people who already said who they are; a token is found by itself."""

    DIGITS = "digits"
    TOKEN = "token"  # noqa: S105  # a form


class Answer(Enum):
    """What became of a code that came back; all but the first leave things as they were."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE_PENDING = "none_pending"
    OVER = "over"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChallenge:
    """`life` is how long the code counts, `tries` how often it may be answered wrongly."""

    purpose: ChallengePurpose
    subject_id: str
    address: str
    form: CodeForm
    life: timedelta
    tries: int = 5


async def make_challenge(act: Act, wanted: NewChallenge, *, sealed_part: bytes = b"", code: str = "") -> str:
    """Store a new challenge within an act and give its code; earlier ones of the subject count no more.

    Raises: TooManyRequests for the seventh within an hour.
    """
    earlier = await act.work.challenges.made_since(wanted.purpose, wanted.subject_id, act.now - WINDOW)
    if len(earlier) >= MOST_IN_WINDOW:
        wait = earlier[MOST_IN_WINDOW - 1].created_at + WINDOW - act.now
        raise TooManyRequests(max(1, int(wait.total_seconds())))
    for challenge in earlier:
        if challenge.stands(act.now):
            await act.work.challenges.replace(replace(challenge, spent_at=act.now))
    code = code or make_code(act, wanted.form)
    await act.work.challenges.add(
        Challenge(
            id=act.new_id(),
            purpose=wanted.purpose,
            subject_id=wanted.subject_id,
            address=wanted.address,
            fingerprint=code_imprint(act.secrets, wanted.purpose, code),
            sealed_part=sealed_part,
            tries_left=wanted.tries,
            created_at=act.now,
            expires_at=act.now + wanted.life,
        )
    )
    return code


def make_code(act: Act, form: CodeForm) -> str:
    """Give a fresh code that nobody can guess within its tries and its life."""
    if form is CodeForm.TOKEN:
        return act.entropy.token_bytes(_TOKEN_BYTES).hex()
    number = int.from_bytes(act.entropy.token_bytes(_SPARE_BYTES), "big")
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def code_imprint(secrets: Secrets, purpose: ChallengePurpose, code: str) -> str:
    """Give the hash under which a code is stored; it is keyed, so comparing it tells nothing of the code."""
    return secrets.fingerprint(f"{purpose.value}:{code.strip()}")


async def newest_challenge(act: Act, purpose: ChallengePurpose, subject_id: str) -> Challenge | None:
    """Give the subject's challenge that waits, else the newest of the last hour, whatever became of it."""
    made = await act.work.challenges.made_since(purpose, subject_id, act.now - WINDOW)
    return next((one for one in made if one.spent_at is None), made[0] if made else None)


async def judge(act: Act, challenge: Challenge | None, *, right: bool) -> Answer:
    """Take an answer: a right one spends the challenge, a wrong one costs a try. Both are kept with the act."""
    if challenge is None:
        return Answer.NONE_PENDING
    if challenge.spent_at is not None or challenge.expires_at <= act.now:
        return Answer.OVER
    if challenge.tries_left <= 0:
        return Answer.TOO_MANY
    if right:
        await act.work.challenges.replace(replace(challenge, spent_at=act.now))
        return Answer.RIGHT
    await act.work.challenges.replace(replace(challenge, tries_left=challenge.tries_left - 1))
    return Answer.WRONG


async def take_token(act: Act, purpose: ChallengePurpose, token: str) -> Challenge:
    """Spend the challenge whose token came back, and give it. Raises: NotFound, Gone (spent or expired)."""
    found = await act.work.challenges.by_code(purpose, code_imprint(act.secrets, purpose, token))
    if found is None:
        raise NotFound("code", "")
    if not found.stands(act.now):
        raise Gone("code", found.id)
    await act.work.challenges.replace(replace(found, spent_at=act.now))
    return found


def insist(answer: Answer, now: datetime, expires_at: datetime | None = None) -> None:
    """Go on for a right answer. Raises: WrongCode, NotFound, Gone, TooManyRequests."""
    match answer:
        case Answer.RIGHT:
            return
        case Answer.WRONG:
            raise WrongCode
        case Answer.NONE_PENDING:
            raise NotFound("code", "")
        case Answer.OVER:
            raise Gone("code", "")
        case Answer.TOO_MANY:
            left = timedelta(minutes=5) if expires_at is None else expires_at - now
            raise TooManyRequests(max(1, int(left.total_seconds())))
