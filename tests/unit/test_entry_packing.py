"""Facts of the log of custody in their short form: nothing is lost, and there is one form of each."""

import random

import pytest

from crawler.store.entry_packing import Digest, Facts, as_kept, digest_bytes, packed, unpacked
from crawler.store.seals import canonical

HEX = "0123456789abcdef" * 4
FACTS = canonical(
    {
        "archive": "wayback",
        "by": "variorum 0.1.0",
        "capture": "https://gazette.example/fire",
        "fingerprint": HEX,
        "headers": "sha256:" + HEX,
        "outcome": "fetched",
        "things": {"article 7": None, "capture 7": HEX},
        "was": {"capture 7": HEX[::-1]},
    }
)
# How every store of this schema holds them: a form that stores hold is never changed.
KEPT = (
    "01037761796261636b04302e312e3006fa67617a657474652e6578616d706c652f6669726508010123456789abcdef012345"
    "6789abcdef0123456789abcdef0123456789abcdef0a020123456789abcdef0123456789abcdef0123456789abcdef012345"
    "6789abcdef220c121b371f1737010123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef141c3701"
    "fedcba9876543210fedcba9876543210fedcba9876543210fedcba987654321015"
)
TEXTS = [
    FACTS,
    "",
    "{}",
    HEX,
    HEX * 2 + "a",
    f'":"{HEX}"',
    f'":"{HEX[:-1]}"',
    '{"archive":"' * 3,
    "\x01" + "a" * 32,
    "\x00\x02\x03",
    "Zürich \x7f \ud800",
    canonical({"capture": "https://www.gazette.example/é", "url": "http://a.example", "x": '}},"was":{'}),
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_packed_is_had_back_and_packed_again_the_same(text: str) -> None:
    assert unpacked(packed(text)) == text
    assert as_kept(text) == packed(text)


def test_texts_made_of_what_the_form_knows_are_had_back() -> None:
    chance = random.Random(25)
    pieces = [
        HEX,
        '":"',
        '"',
        ",",
        "article 1",
        "capture 12",
        "\x01",
        "\x02",
        "\x1f",
        "é",
        '},"was":{"',
        "}}",
        "sha256:",
        "a",
    ]
    for _ in range(3_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        assert unpacked(packed(text)) == text


def test_the_form_that_stores_hold_stays_and_is_short() -> None:
    assert packed(FACTS).hex() == KEPT
    assert len(packed(FACTS)) * 2 < len(FACTS)


@pytest.mark.parametrize("place", range(0, len(packed(FACTS)), 3))
def test_any_other_bytes_are_another_text_or_none(place: int) -> None:
    z = packed(FACTS)
    for other in {(z[place] ^ bit) for bit in (1, 8, 128)}:
        try:
            read = unpacked(z[:place] + bytes([other]) + z[place + 1 :])
        except ValueError:
            continue
        assert read != FACTS


@pytest.mark.parametrize(
    "z",
    [
        b"",
        b"\x02{}",
        b"\x00" + FACTS.encode(),
        b"\x00\xff",
        b"\x01\xc0",
    ],
)
def test_bytes_in_another_form_are_refused_and_read_as_no_facts(z: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpacked(z)
    assert Facts().process_result_value(z, None) == ""


@pytest.mark.parametrize("value", [None, 5, "text"])
def test_values_that_are_no_bytes_read_as_no_facts(value: object) -> None:
    assert Facts().process_result_value(value, None) == ""


def test_only_the_one_spelling_of_a_digest_becomes_its_bytes() -> None:
    assert digest_bytes(HEX) == bytes.fromhex(HEX)
    for odd in (HEX.upper(), HEX[:-1], HEX + "0", "none", " " + HEX[1:]):
        assert digest_bytes(odd) == odd.encode()
        assert Digest().process_result_value(digest_bytes(odd), None) != HEX
    assert Digest().process_result_value(bytes.fromhex(HEX), None) == HEX
    assert Digest().process_result_value(5, None) == "5"
    assert as_kept(b"\xff") == b"\x00\xff"
