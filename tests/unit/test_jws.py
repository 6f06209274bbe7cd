"""The strict reader of compact JWS: what it takes, and every way to be refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit import jws as module
from rekey.webkit.body import BodyFault
from rekey.webkit.jws import JwsRefusal, JwsRefused, parse_compact, verify_eddsa
from rekey.webkit.keys import Ed25519Signer

SIGNER = Ed25519Signer(bytes(range(32)))
OUTCOMES = {None, *JwsRefusal}
HEADER = b'{"alg":"EdDSA"}'
# Chosen so that its base64 holds both marks and padding, which tells the two alphabets apart.
PAYLOAD = '{"sub":"\u00fb\u00ff\u00be?>~>","n":1}'.encode()


def url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(header: bytes = HEADER, payload: bytes = PAYLOAD, encode: Any = url) -> bytes:
    signing_input = encode(header) + b"." + encode(payload)
    return bytes(signing_input + b"." + encode(SIGNER.sign(signing_input)))


def reason_for(text: bytes) -> JwsRefusal:
    with pytest.raises(JwsRefused) as refused:
        parse_compact(text)
    return refused.value.reason


def outcome_of(text: bytes) -> JwsRefusal | None:
    try:
        parse_compact(text)
    except JwsRefused as refused:
        return refused.reason
    return None


def reason_for_payload(payload: str) -> JwsRefusal:
    return reason_for(token(payload=payload.encode("utf-8")))


@pytest.mark.parametrize("encode", [url, base64.b64encode])
def test_both_spellings_of_base64_are_read_and_verified_as_received(encode: Any) -> None:
    text = token(encode=encode)
    jws = parse_compact(text)
    verify_eddsa(jws, SIGNER.public_key)
    assert jws.header == {"alg": "EdDSA"}
    assert jws.payload == json.loads(PAYLOAD)
    assert jws.raw == text
    assert jws.signing_input == text.rpartition(b".")[0]


def test_each_segment_may_have_its_own_spelling() -> None:
    signing_input = base64.b64encode(HEADER) + b"." + url(PAYLOAD)
    text = signing_input + b"." + base64.b64encode(SIGNER.sign(signing_input))
    verify_eddsa(parse_compact(text), SIGNER.public_key)


def test_the_two_alphabets_are_not_mixed_in_one_segment() -> None:
    standard = base64.b64encode(PAYLOAD)
    assert b"/" in standard
    assert b"+" in standard
    assert reason_for(url(HEADER) + b"." + standard.replace(b"/", b"_") + b".") is JwsRefusal.BAD_BASE64


@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
def test_both_names_of_the_algorithm_verify(name: str) -> None:
    text = token(header=json.dumps({"alg": name, "typ": "JWT"}).encode())
    verify_eddsa(parse_compact(text), SIGNER.public_key)


@pytest.mark.parametrize("name", ["HS256", "RS256", "ES256", "eddsa", "ED25519", "Ed448", "EdDSA "])
def test_no_other_algorithm_verifies(name: str) -> None:
    jws = parse_compact(token(header=json.dumps({"alg": name}).encode()))
    with pytest.raises(JwsRefused) as refused:
        verify_eddsa(jws, SIGNER.public_key)
    assert refused.value.reason is JwsRefusal.BAD_ALGORITHM


@pytest.mark.parametrize(
    "header",
    [
        "{}",
        '{"alg":null}',
        '{"alg":1}',
        '{"alg":["EdDSA"]}',
        '{"alg":""}',
        '{"alg":"none"}',
        '{"alg":"nOnE"}',
    ],
)
def test_a_token_without_an_algorithm_is_refused_unread(header: str) -> None:
    assert reason_for(token(header=header.encode())) is JwsRefusal.BAD_ALGORITHM


@pytest.mark.parametrize("member", ["crit", "b64", "zip", "jwk", "jku", "x5u"])
@pytest.mark.parametrize("value", ["null", "false", '"DEF"', '["exp"]', "{}"])
def test_a_header_that_would_change_the_rules_is_refused(member: str, value: str) -> None:
    header = f'{{"alg":"EdDSA","{member}":{value}}}'
    assert reason_for(token(header=header.encode())) is JwsRefusal.FORBIDDEN_HEADER


def test_the_header_of_an_old_client_is_read() -> None:
    header = b'{"alg":"EdDSA","type":"JWT","x5c":["AAAA"],"kid":"../../dev/null"}'
    assert parse_compact(token(header=header)).header["type"] == "JWT"


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_a_bad_signature_is_refused(signature: bytes) -> None:
    jws = parse_compact(token().rpartition(b".")[0] + b"." + url(signature))
    with pytest.raises(JwsRefused) as refused:
        verify_eddsa(jws, SIGNER.public_key)
    assert refused.value.reason is JwsRefusal.BAD_SIGNATURE


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5])
def test_other_counts_of_segments_are_refused(count: int) -> None:
    assert reason_for(b".".join([b"e30"] * count)) is JwsRefusal.NOT_THREE_SEGMENTS


@pytest.mark.parametrize("space", [b" ", b"\n", b"\r", b"\t", b"\x0b", b"\x0c"])
@pytest.mark.parametrize("at", [0, 5, 30, 10_000])
def test_whitespace_is_refused_wherever_it_stands(space: bytes, at: int) -> None:
    text = token()
    assert reason_for(text[:at] + space + text[at:]) is JwsRefusal.WHITESPACE


@pytest.mark.parametrize("stray", [b"\xef\xbb\xbf", b"\xff", "\u00e9".encode()])
def test_what_is_not_ascii_is_refused(stray: bytes) -> None:
    assert reason_for(stray + token()) is JwsRefusal.NOT_ASCII


@pytest.mark.parametrize("suffix", [b"=", b"==", b"====", b"AAA", b"*", b"\x00"])
def test_anything_after_the_signature_is_refused(suffix: bytes) -> None:
    text = token()
    assert text[-2:].isalnum()
    assert b"_" in text.rpartition(b".")[2] or b"-" in text.rpartition(b".")[2]
    assert reason_for(text + suffix) is JwsRefusal.BAD_BASE64


def test_trailing_bits_that_are_not_zero_are_refused() -> None:
    text = token()
    assert text.endswith((b"A", b"Q", b"g", b"w"))
    assert reason_for(text[:-1] + bytes([text[-1] + 1])) is JwsRefusal.BAD_BASE64


def test_standard_base64_without_its_padding_is_refused() -> None:
    header = base64.b64encode(b'{"alg":"EdDSA","x":"\xc3\xbb\xc3\xbe>>"}')
    bare = header.rstrip(b"=")
    assert bare != header
    assert b"+" in bare or b"/" in bare
    assert reason_for(bare + b".e30.") is JwsRefusal.BAD_BASE64


def test_a_token_over_the_limit_is_refused_before_it_is_read() -> None:
    text = token(payload=b'{"a":"' + b"x" * 13_000 + b'"}')
    assert len(text) > module.MAX_TOKEN_BYTES
    assert reason_for(text) is JwsRefusal.TOO_LARGE
    assert len(parse_compact(text, max_bytes=20_000).payload) == 1


@pytest.mark.parametrize(
    "payload",
    [
        PAYLOAD.decode().encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{}",
        b'{"a":"\xc0\xaf"}',
        b'{"a":"\xed\xa0\x80"}',
    ],
)
def test_other_encodings_than_plain_utf8_are_refused(payload: bytes) -> None:
    assert reason_for(token(payload=payload)) is JwsRefusal.BAD_ENCODING


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_encodings_without_a_mark_are_refused(encoding: str) -> None:
    assert reason_for(token(payload='{"a":1}'.encode(encoding))) is JwsRefusal.BAD_JSON


@pytest.mark.parametrize(
    "payload", ["", "{", "{}{}", "{'a':1}", '{"a":1,}', '{"a":"\n"}', '{"a":01}', '{"a":+1}', "{}\x00"]
)
def test_what_is_not_json_is_refused(payload: str) -> None:
    assert reason_for_payload(payload) is JwsRefusal.BAD_JSON


@pytest.mark.parametrize("payload", ["[]", '"x"', "1", "null", "true"])
def test_a_segment_that_is_no_object_is_refused(payload: str) -> None:
    assert reason_for_payload(payload) is JwsRefusal.NOT_AN_OBJECT
    assert reason_for(token(header=payload.encode())) is JwsRefusal.NOT_AN_OBJECT


@pytest.mark.parametrize(
    "payload",
    ['{"sub":1,"sub":1}', '{"a":{"b":1,"b":2}}', '{"a":[{"b":1,"b":2}]}', '{"sub":1,"\\u0073ub":2}'],
)
def test_a_member_given_twice_is_refused_at_any_depth(payload: str) -> None:
    assert reason_for_payload(payload) is JwsRefusal.DUPLICATE_MEMBER


def test_an_algorithm_given_twice_is_refused() -> None:
    assert reason_for(token(header=b'{"alg":"none","alg":"EdDSA"}')) is JwsRefusal.DUPLICATE_MEMBER


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", str(2**63), str(-(2**63) - 1), "9" * 5000], ids=lambda text: text[:8]
)
def test_a_number_out_of_range_is_refused(number: str) -> None:
    assert reason_for_payload(f'{{"exp":{number}}}') is JwsRefusal.BAD_NUMBER


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_word_that_is_no_json_number_is_refused(word: str) -> None:
    assert reason_for_payload(f'{{"exp":{word}}}') is JwsRefusal.BAD_JSON


@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, -(2**63)])
def test_whole_numbers_of_64_bits_are_read(number: int) -> None:
    assert parse_compact(token(payload=f'{{"exp":{number}}}'.encode())).payload == {"exp": number}


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert reason_for_payload('{"a":' + opening * 2000) is JwsRefusal.TOO_DEEP


@pytest.mark.parametrize("text", ["\\ud800", "\\udfff", "\\udc00\\ud800", "x\\uD83Dx"])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    assert reason_for_payload(f'{{"a":["{text}"]}}') is JwsRefusal.LONE_SURROGATE
    assert reason_for_payload(f'{{"{text}":1}}') is JwsRefusal.LONE_SURROGATE


def test_a_whole_surrogate_pair_is_read() -> None:
    assert parse_compact(token(payload=b'{"a":"\\ud83d\\udd11"}')).payload == {"a": "\U0001f511"}


def test_no_refusal_repeats_the_input() -> None:
    with pytest.raises(JwsRefused) as refused:
        parse_compact(token(payload=b'{"password":hunter2}'))
    assert "hunter2" not in str(refused.value)


def test_every_reason_has_a_message() -> None:
    assert all(str(JwsRefused(reason)) for reason in JwsRefusal)


def test_every_fault_of_a_body_has_a_reason_here() -> None:
    assert set(module._REASON_OF_FAULT) == set(BodyFault)


@given(st.binary(max_size=200) | st.lists(st.binary(max_size=40).map(url), max_size=4).map(b".".join))
def test_no_bytes_break_the_reader(text: bytes) -> None:
    assert outcome_of(text) in OUTCOMES


@given(st.binary(max_size=60))
def test_no_json_breaks_the_reader(tail: bytes) -> None:
    assert outcome_of(token(header=b"{" + tail)) in OUTCOMES
    assert outcome_of(token(payload=b"{" + tail)) in OUTCOMES
