import uuid

from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.request_id import new_request_id, uuid4_text


@given(st.binary(min_size=16, max_size=16))
def test_any_16_bytes_make_the_uuid_that_the_standard_library_makes(raw: bytes) -> None:
    assert uuid4_text(lambda count: raw[:count]) == str(uuid.UUID(bytes=raw, version=4))


def test_no_two_ids_are_alike() -> None:
    assert len({new_request_id() for _ in range(1_000)}) == 1_000
