"""The tests here leave out none of the calls that the vendor's SDK has."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.doordeck_sdk import BUILT, PACKAGE
from tests.support.doordeck_stage import Stage

pytestmark = pytest.mark.soak
HERE = Path(__file__).parent
# Written in the tests with the part that differs.
FAMILIES = {
    "getUserPublicKeyBy": (
        "Email",
        "Emails",
        "Telephone",
        "Telephones",
        "LocalKey",
        "LocalKeys",
        "ForeignKeys",
    ),
    "updateApplication": (
        "Name",
        "CompanyName",
        "MailingAddress",
        "PrivacyPolicy",
        "SupportContact",
        "AppLink",
        "LogoUrl",
        "EmailPreferences",
    ),
}


def calls_of_the_sdk() -> set[str]:
    """Give every function that reports to a callback, from the list that the vendor's own package holds."""
    listing = BUILT / PACKAGE / f"{PACKAGE}.py"
    functions = [node for node in ast.parse(listing.read_text()).body if isinstance(node, ast.FunctionDef)]
    return {one.name for one in functions if one.args.args and one.args.args[-1].arg == "callback"}


def calls_of_the_tests() -> set[str]:
    sources = [*HERE.glob("test_*.py"), HERE.parents[1] / "support" / "doordeck_stage.py"]
    named = {word for source in sources for word in re.findall(r'"([a-zA-Z]+)"', source.read_text())}
    families = {start + end for start, ends in FAMILIES.items() for end in ends}
    return named | families


def test_every_call_of_the_sdk_is_made(stage: Stage) -> None:
    calls = calls_of_the_sdk()
    assert len(calls) > 80
    assert calls - calls_of_the_tests() == set()
