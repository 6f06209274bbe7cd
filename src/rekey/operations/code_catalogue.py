"""The operations on PINs at doors; part of the catalogue of all."""

from typing import Any

from rekey.operations.act import Operation
from rekey.operations.add_codes import add_codes
from rekey.operations.add_computed_code import add_computed_code
from rekey.operations.edit_codes import edit_codes, end_code, pull_code
from rekey.operations.foreign_codes import adopt_code, erase_code, note_foreign
from rekey.operations.give_up_codes import give_up_codes, take_up_code
from rekey.operations.keep_reserve import keep_reserve
from rekey.operations.note_codes import note_codes
from rekey.operations.propose_pin import propose_pin

CODES: tuple[Operation[Any, Any], ...] = (
    add_codes,
    add_computed_code,
    adopt_code,
    edit_codes,
    end_code,
    erase_code,
    give_up_codes,
    keep_reserve,
    note_codes,
    note_foreign,
    propose_pin,
    pull_code,
    take_up_code,
)
