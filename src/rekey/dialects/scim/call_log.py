"""Keeping what the directory asked and what it was told, without secrets."""

from typing import Any
from urllib.parse import unquote

import msgspec
import structlog

from rekey.domain.errors import StoreUnavailable
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.note_directory_call import NoteDirectoryCall, note_directory_call
from rekey.webkit.body import BodyRefused, decode_tree
from rekey.webkit.message import Request

LONGEST_BODY = 4_000
LONGEST_PATH = 1_000
_HIDDEN = "pass" + "word"
_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})
_log = structlog.get_logger("rekey.scim")


async def keep_call(core: Core, actor: Actor, request: Request, *, status: int, outcome: str = "") -> None:
    """Keep a call; that it could not be kept is logged, and undoes nothing that was done."""
    wanted = NoteDirectoryCall(
        method=request.method,
        path=_path(request),
        status=status,
        outcome=outcome,
        sent=_sent(request.body),
        subject_id=request.params.get("id"),
        unreadable=status == 400 and request.method in _CHANGES,
    )
    try:
        await core.perform(note_directory_call, actor, wanted)
    except StoreUnavailable as unavailable:
        _log.warning("call_not_kept", request_id=request.id, why=str(unavailable))


def _path(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    whole = request.path + (f"?{unquote(query.replace('+', ' '), errors='replace')}" if query else "")
    return whole.replace("\x00", "")[:LONGEST_PATH]


def _sent(body: bytes) -> str:
    """Give the body as it can be shown; one that is not JSON might hold a secret anywhere."""
    if not body:
        return ""
    try:
        tree = decode_tree(body)
    except BodyRefused:
        return f"({len(body)} bytes that are not JSON)"
    return msgspec.json.encode(_without_secrets(tree)).decode()[:LONGEST_BODY]


def _without_secrets(tree: Any) -> Any:
    """Blank passwords, as members and as the values of operations on that path."""
    if isinstance(tree, list):
        return [_without_secrets(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if any(key.lower() == "path" and _HIDDEN in str(value).lower() for key, value in tree.items()):
        return {key: value if key.lower() in {"op", "path"} else "***" for key, value in tree.items()}
    return {key: "***" if _HIDDEN in key.lower() else _without_secrets(value) for key, value in tree.items()}
