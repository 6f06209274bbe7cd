"""Every failure of the libraries has a counterpart, and none slips through."""

import inspect
import re

import asyncpg
import pytest
from asyncpg import exceptions
from pysqlite3 import dbapi2

from rekey.domain.errors import StoreUnavailable
from rekey.storage.engine import errors, postgres_errors, sqlite_errors

# SQLite's primary result codes; sqlite.org/rescode.html.
# DONE, ROW and OK are answers; NOTICE and WARNING go to its log alone.
RESULT_CODES = (
    "ABORT AUTH BUSY CANTOPEN CONSTRAINT CORRUPT EMPTY ERROR FORMAT FULL INTERNAL INTERRUPT IOERR LOCKED "
    "MISMATCH MISUSE NOLFS NOMEM NOTADB NOTFOUND PERM PROTOCOL RANGE READONLY SCHEMA TOOBIG"
)


def asyncpg_exceptions() -> list[type[BaseException]]:
    """Give every exception that asyncpg publishes."""
    found = [getattr(exceptions, name) for name in exceptions.__all__]
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, BaseException)]


def test_every_result_code_of_sqlite_is_sorted_once() -> None:
    codes = {f"SQLITE_{name}" for name in RESULT_CODES.split()}
    assert codes == sqlite_errors.UNAVAILABLE | sqlite_errors.REFUSED
    assert not sqlite_errors.UNAVAILABLE & sqlite_errors.REFUSED


def test_every_result_code_exists_in_the_library() -> None:
    assert all(hasattr(dbapi2, name) for name in sqlite_errors.UNAVAILABLE | sqlite_errors.REFUSED)


def test_every_exception_class_of_pysqlite3_is_caught() -> None:
    kinds = [
        value for _, value in inspect.getmembers(dbapi2, inspect.isclass) if issubclass(value, Exception)
    ]
    assert kinds
    assert all(issubclass(kind, sqlite_errors.RAISED) for kind in kinds)


@pytest.mark.parametrize("code", sorted(sqlite_errors.UNAVAILABLE))
def test_a_sqlite_that_cannot_work_is_unavailable(code: str) -> None:
    error = dbapi2.OperationalError("x")
    error.sqlite_errorname = code
    assert isinstance(sqlite_errors.translate(error), errors.StorageUnavailable)


@pytest.mark.parametrize("code", sorted(sqlite_errors.REFUSED))
def test_a_sqlite_that_rejects_a_statement_refuses_it(code: str) -> None:
    error = dbapi2.OperationalError("x")
    error.sqlite_errorname = code
    assert isinstance(sqlite_errors.translate(error), errors.StatementRefused)


def test_a_unique_index_over_an_expression_is_named() -> None:
    error = dbapi2.IntegrityError("UNIQUE constraint failed: index 'ix_lower'")
    error.sqlite_errorname = "SQLITE_CONSTRAINT"
    conflict = sqlite_errors.translate(error)
    assert isinstance(conflict, errors.UniqueConflict)
    assert conflict.constraint == "ix_lower"


def test_every_state_class_of_postgres_is_sorted_once() -> None:
    known = {state[:2] for kind in asyncpg_exceptions() if (state := getattr(kind, "sqlstate", None))}
    assert known <= postgres_errors.UNAVAILABLE | postgres_errors.REFUSED
    assert not postgres_errors.UNAVAILABLE & postgres_errors.REFUSED


def test_every_exception_of_asyncpg_is_caught_and_has_a_counterpart() -> None:
    for kind in asyncpg_exceptions():
        assert issubclass(kind, postgres_errors.RAISED), kind
        assert isinstance(postgres_errors.translate(kind("x")), errors.StorageError), kind


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        (asyncpg.UniqueViolationError, errors.UniqueConflict),
        (asyncpg.ForeignKeyViolationError, errors.ForeignKeyMissing),
        (asyncpg.SerializationError, errors.SerializationLost),
        (asyncpg.DeadlockDetectedError, errors.SerializationLost),
        (asyncpg.InvalidCachedStatementError, errors.SerializationLost),
        (asyncpg.LockNotAvailableError, errors.StorageUnavailable),
        (asyncpg.DiskFullError, errors.StorageUnavailable),
        (asyncpg.AdminShutdownError, errors.StorageUnavailable),
        (asyncpg.StatementCompletionUnknownError, errors.StorageUnavailable),
        (asyncpg.ReadOnlySQLTransactionError, errors.StorageUnavailable),
        (asyncpg.NotNullViolationError, errors.StatementRefused),
        (asyncpg.DataError, errors.StatementRefused),
        (asyncpg.InFailedSQLTransactionError, errors.StatementRefused),
        (ConnectionResetError, errors.StorageUnavailable),
        (TimeoutError, errors.StorageUnavailable),
    ],
)
def test_a_failure_of_postgres_becomes_ours(kind: type[Exception], ours: type[Exception]) -> None:
    assert isinstance(postgres_errors.translate(kind("x")), ours)


def test_what_is_unavailable_is_so_for_the_core_as_well() -> None:
    assert issubclass(errors.StorageUnavailable, StoreUnavailable)
    assert issubclass(errors.StorageBusy, StoreUnavailable)


def test_the_drawn_tree_holds_every_error() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or "")) | {"StorageError"}
    defined = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, Exception) and value.__module__ == errors.__name__
    }
    assert drawn == defined
