"""Statements: one SQLAlchemy Core element, compiled once per engine, bound by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from rekey.storage.engine.row import Row, row_class

Element: TypeAlias = sa.Select[Any] | sa.CompoundSelect[Any] | sa.Insert | sa.Update | sa.Delete
Value: TypeAlias = str | int | bytes | bool | list[str] | None
Binder: TypeAlias = Callable[[Mapping[str, Any]], Sequence[Any]]

_SQLITE: Dialect = sqlite.dialect(paramstyle="qmark")
_POSTGRES: Dialect = registry.load("postgresql.asyncpg")()
_PLAIN = (sa.String, sa.Integer, sa.LargeBinary, sa.Boolean, sa.ARRAY, sa.types.NullType)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """One statement in the text of one engine."""

    sql: str
    names: tuple[str, ...]
    """The parameters in their order; SQLite repeats a name that is used twice."""
    constants: Mapping[str, Any]
    """Values that stand in the element itself."""
    bind: Binder
    """Put the caller's parameters in order; raises TypeError for a missing or unknown one."""


class Statement:
    """A Core element that both engines run; make it once, at the top of a module.

    Parameters are `bindparam` names (an insert takes its columns' names), values are `Value`s.
    Raises TypeError for a column type outside them: times are integers (microseconds, UTC).
    """

    def __init__(self, element: Element, *, postgres: Element | None = None) -> None:
        self._for_sqlite = element
        self._for_postgres = element if postgres is None else postgres

    @cached_property
    def sqlite(self) -> Compiled:
        """The text with `?`; lists are bound as JSON."""
        return _compile(self._for_sqlite, _SQLITE, encode_list=_as_json)

    @cached_property
    def postgres(self) -> Compiled:
        """The text with `$1`."""
        return _compile(self._for_postgres, _POSTGRES, encode_list=None)

    @cached_property
    def row(self) -> Callable[[Any], Row]:
        """Make a row of a driver's tuple."""
        return partial(tuple.__new__, self._row_class)

    @cached_property
    def sqlite_row(self) -> Callable[[Any], Row]:
        """The same, with 0 and 1 as bool where the column says so."""
        flags = tuple(
            position
            for position, column in enumerate(self._for_sqlite.exported_columns)
            if isinstance(column.type, sa.Boolean)
        )
        return partial(_row_with_flags, self._row_class, flags) if flags else self.row

    @cached_property
    def _row_class(self) -> type[Row]:
        return row_class(tuple(map(str, self._for_sqlite.exported_columns.keys())))


def _row_with_flags(cls: type[Row], flags: tuple[int, ...], values: Sequence[Any]) -> Row:
    changed = list(values)
    for position in flags:
        value = changed[position]
        if value is not None:
            changed[position] = value != 0
    return tuple.__new__(cls, changed)


def _as_json(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()


def _compile(element: Element, dialect: Dialect, *, encode_list: Callable[[Any], Any] | None) -> Compiled:
    if isinstance(element, sa.Insert):
        # Otherwise PostgreSQL gets a RETURNING nobody asked for.
        element = element.inline()
    compiled = element.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{type(element).__name__} is no statement with parameters")
    _refuse_other_types(compiled, element)
    names = tuple(compiled.positiontup or ())
    binds = {name: compiled.binds[name] for name in names}
    constants = {n: b.effective_value for n, b in binds.items() if not b.required}
    lists = [n for n, b in binds.items() if isinstance(b.type, sa.ARRAY)] if encode_list else []
    return Compiled(
        sql=str(compiled),
        names=names,
        constants=constants,
        bind=_binder(names, constants, {name: encode_list for name in lists if encode_list}),
    )


def _refuse_other_types(compiled: SQLCompiler, element: Element) -> None:
    if compiled.insert_prefetch or compiled.update_prefetch:
        raise TypeError("a column default runs in Python: give the value as a parameter")
    types = [bind.type for bind in compiled.binds.values()]
    types += [column.type for column in element.exported_columns]
    for kind in types:
        if not isinstance(kind, _PLAIN):
            raise TypeError(f"{kind!r} is not str, int, bytes, bool or a list of str")


def _binder(
    names: tuple[str, ...],
    constants: Mapping[str, Any],
    encoders: Mapping[str, Callable[[Any], Any]],
) -> Binder:
    wanted = frozenset(names) - constants.keys()
    count = len(wanted)
    pick = _picker(names)

    def bind(params: Mapping[str, Any]) -> Sequence[Any]:
        try:
            values = pick(params)
        except KeyError as error:
            raise _wrong_parameters(wanted, params) from error
        if len(params) != count:
            raise _wrong_parameters(wanted, params)
        return values

    def bind_more(params: Mapping[str, Any]) -> Sequence[Any]:
        if len(params) != count or not wanted.issuperset(params):
            raise _wrong_parameters(wanted, params)
        values = {**constants, **params}
        for name, encode in encoders.items():
            values[name] = encode(values[name])
        return pick(values)

    return bind_more if constants or encoders else bind


def _picker(names: tuple[str, ...]) -> Binder:
    if not names:
        return lambda params: ()
    if len(names) == 1:
        only = names[0]
        return lambda params: (params[only],)
    return itemgetter(*names)


def _wrong_parameters(wanted: frozenset[str], params: Mapping[str, Any]) -> TypeError:
    missing = ", ".join(sorted(wanted - params.keys())) or "none"
    unknown = ", ".join(sorted(params.keys() - wanted)) or "none"
    return TypeError(f"parameters missing: {missing}; unknown: {unknown}")
