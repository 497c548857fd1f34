"""Rows of a stream as a page draws them."""

from __future__ import annotations

import struct
from array import array

import numpy as np
import pytest

from simulator.pods.analyzer.calculations import MULTICHANNEL, SINGLECHANNEL, WATERFALL
from simulator.pods.webapp.row_levels import levels, rows_message, spectrum_message, values_of


def test_a_frame_is_read_as_rows_channels_and_bins() -> None:
    rows = [array("f", range(6)).tobytes(), array("f", range(6, 12)).tobytes()]
    values = values_of(rows, channels=3)
    assert values.shape == (2, 3, 2)
    assert values[1, 2].tolist() == [10, 11]


@pytest.mark.parametrize(
    ("value", "level"),
    # 85 levels a decade of 1 + value
    [(0.0, 0), (-5.0, 0), (9.0, 85), (99.0, 170), (998.0, 255), (1e6, 255), (0.0136, 0), (0.0137, 1)],
)
def test_a_level_grows_with_the_logarithm_of_the_mean(value: float, level: int) -> None:
    values = np.array([[[value - 0.001, value + 0.001]]], dtype=np.float32) if abs(value) < 1 else None
    shown = np.full((1, 1, 2), value, dtype=np.float32) if values is None else values
    for view_type in (MULTICHANNEL, WATERFALL):
        assert levels(shown, view_type).tolist() == [[level]]


def test_the_columns_of_a_single_channel_are_its_bins() -> None:
    values = np.array([[[0, 9, 99]]], dtype=np.float32)
    assert levels(values, SINGLECHANNEL).tolist() == [[0, 85, 170]]


def test_messages_begin_with_what_they_hold() -> None:
    shown = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8)
    message = rows_message(shown, first_column=11, row=70, time_ms=1234.5)
    assert struct.unpack_from("<6Id", message) == (1, 11, 3, 2, 70, 0, 1234.5)
    assert message[32:] == bytes([1, 2, 3, 4, 5, 6])
    message = spectrum_message(np.array([0.5, 2.0], dtype=np.float32), channel=45, row=7, time_ms=2.0)
    assert struct.unpack("<6Id2f", message) == (2, 45, 2, 1, 7, 0, 2.0, 0.5, 2.0)
