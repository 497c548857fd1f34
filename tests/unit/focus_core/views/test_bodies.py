"""Bodies of requests with one field changed."""

import pytest
from focus_core.base.errors import BenchError
from focus_core.views import bodies


def test_fields_of_a_body_are_replaced_and_left_out() -> None:
    body = {"sensors": {"min": 0, "max": 5}}
    assert bodies.with_field(body, "sensors.min", "one") == {"sensors": {"min": "one", "max": 5}}
    assert bodies.without_field(body, "sensors.max") == {"sensors": {"min": 0}}
    assert body == {"sensors": {"min": 0, "max": 5}}
    for field in ("sensor", "sensors.middle", "canvas.height"):
        with pytest.raises(BenchError, match=f"no field '{field}'"):
            bodies.with_field(body, field, 1)
