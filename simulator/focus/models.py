"""Shapes of the request bodies. They check types and presence only; what a value means is checked in ``rules``.

The models are strict: ``true`` is not a number and ``"1024"`` is not an NFFT.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.focus.calculations import WATERFALL

_INTEGER_TEXT = re.compile(r"-?[0-9]{1,9}")


def _view_number(value: Any) -> Any:
    """Turn a numeric string into its number; older clients send the view type as text."""
    if isinstance(value, str):
        if not _INTEGER_TEXT.fullmatch(value):
            raise PydanticCustomError("view_type", "view_type must be 0, 1 or 2")
        return int(value)
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)


class DisplayInfo(_Strict):
    """Size of the display: rows on the screen."""

    height: int


class ChannelRange(_Strict):
    """First and last channel of the view, both included."""

    min: int
    max: int


class FrequencyRange(_Strict):
    """Lower and upper end of the spectrum in Hz."""

    min: int
    max: int


class ConfigureRequest(_Strict):
    """Body of POST /configure. Times are seconds since the epoch; both set = historic, both absent = live."""

    displayTimeAxisDuration: float | None = Field(default=None, description="seconds on the time axis")  # noqa: N815
    nfftSelection: int | None = Field(default=None, description="power of two; 1 for a waterfall")  # noqa: N815
    displayInfo: DisplayInfo  # noqa: N815
    channels: ChannelRange
    frequencyRange: FrequencyRange | None = None  # noqa: N815
    start_time: int | None = None
    end_time: int | None = None
    view_type: Annotated[int, BeforeValidator(_view_number)] = Field(description="0 multi, 1 single, 2 waterfall")

    @model_validator(mode="after")
    def _fields_of_the_view(self) -> Self:
        """Require what a spectrum needs, and refuse what a waterfall cannot have."""
        spectral = ("displayTimeAxisDuration", "nfftSelection", "frequencyRange")
        if self.view_type != WATERFALL:
            for name in spectral:
                if getattr(self, name) is None:
                    raise PydanticCustomError("missing", "Field required: {name}", {"name": name})
            return self
        for name in ("displayTimeAxisDuration", "frequencyRange"):
            if getattr(self, name) is not None:
                raise PydanticCustomError("forbidden", "a waterfall view has no field {name}", {"name": name})
        if self.nfftSelection not in (None, 1):
            raise PydanticCustomError(
                "waterfall_nfft", "{name} of a waterfall view must be 1", {"name": "nfftSelection"}
            )
        return self

    @property
    def historic(self) -> bool:
        """Say whether the view plays recordings: both times set (times that a defect let pass make it live)."""
        return self.start_time is not None and self.end_time is not None and min(self.start_time, self.end_time) >= 0

    def summary(self) -> str:
        """Return the view in a few words, for the log."""
        times = f"{self.start_time} to {self.end_time}" if self.historic else "live"
        channels = f"channels {self.channels.min}-{self.channels.max}"
        return f"view type {self.view_type}, {times}, {channels}, NFFT {self.nfftSelection or 1}"


class TimeRange(_Strict):
    """Body of POST /recordings_in_time_range: seconds since the epoch."""

    start_time: int
    end_time: int
