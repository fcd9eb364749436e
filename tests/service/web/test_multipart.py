"""Names that clients send are made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.service.web.multipart import harmless_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a.jpg", "a.jpg"),
        ("/etc/passwd", "passwd"),
        ("C:\\photos\\me.jpg", "me.jpg"),
        ("../../me.jpg", "me.jpg"),
        ("..", "photo"),
        ("", "photo"),
        ("/", "photo"),
        ("two\r\nlines\x1b[2J.jpg", "twolines[2J.jpg"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("Zoe\u0308.jpg", "Zo\u00eb.jpg"),
    ],
)
def test_a_name_is_made_harmless(sent: str, kept: str) -> None:
    assert harmless_name(sent) == kept


@given(st.text())
def test_no_name_is_long_empty_or_disturbing(sent: str) -> None:
    kept = harmless_name(sent)
    assert 0 < len(kept) <= 120
    assert kept.isprintable()
    assert "/" not in kept
    assert kept not in {".", ".."}


def test_a_long_name_keeps_its_ending() -> None:
    assert harmless_name("x" * 500 + ".jpeg").endswith(".jpeg")
