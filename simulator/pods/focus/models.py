"""Shapes of the request bodies. They check types and presence only; what a value means is checked in ``rules``.

The models are strict: ``true`` is not a number and ``"1024"`` is not an NFFT.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from simulator.pods.analyzer.calculations import WATERFALL

CHANNEL_FIELDS = ("roi", "channels", "sensors")
# What clients usually ask for.
_VIEW: dict[str, Any] = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 11, "max": 109},
    "frequencyRange": {"min": 0, "max": 1000},
    "view_type": 0,
}
_RANGE = {"start_time": 1_700_000_000, "end_time": 1_700_000_600}
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

    model_config = ConfigDict(json_schema_extra={"examples": [_VIEW]})

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
        """Return whether the view plays recordings: both times set (times that a defect let pass make it live)."""
        return self.start_time is not None and self.end_time is not None and min(self.start_time, self.end_time) >= 0

    def summary(self) -> str:
        """Return the view in a few words, for the log."""
        times = f"{self.start_time} to {self.end_time}" if self.historic else "live"
        channels = f"channels {self.channels.min}-{self.channels.max}"
        return f"view type {self.view_type}, {times}, {channels}, NFFT {self.nfftSelection or 1}"


class Change(_Strict):
    """Body of POST /config/{id}: what a view shall show from now on; what is left out stays as it is.

    The channels are named in one of three ways: ``roi`` [first, last], ``channels``, or ``sensors`` (counted from 0).
    Older clients send the complete form with ``sensors`` and ``canvasInfo``; then no field of it may be missing.
    Times are yymmddHHMMSS, both or none.
    """

    roi: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    channels: ChannelRange | None = None
    sensors: ChannelRange | None = None
    displayTimeAxisDuration: float | None = None  # noqa: N815
    nfftSelection: int | None = None  # noqa: N815
    displayInfo: DisplayInfo | None = None  # noqa: N815
    canvasInfo: DisplayInfo | None = None  # noqa: N815
    frequencyRange: FrequencyRange | None = None  # noqa: N815
    start_time: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None
    end_time: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Require something to change, the channels in one way only, and the whole of the older form."""
        if self.sensors is not None or self.canvasInfo is not None:
            for name in ("sensors", "canvasInfo", "displayTimeAxisDuration", "nfftSelection", "frequencyRange"):
                if getattr(self, name) is None:
                    raise PydanticCustomError("missing", "Field required: {name}", {"name": name})
        named = [name for name in CHANNEL_FIELDS if getattr(self, name) is not None]
        if len(named) > 1:
            raise PydanticCustomError("ambiguous", "{name} and another field name the channels", {"name": named[1]})
        changing = (*CHANNEL_FIELDS, "displayTimeAxisDuration", "nfftSelection", "displayInfo", "frequencyRange")
        if all(getattr(self, name) is None for name in changing):
            raise PydanticCustomError("missing", "Field required: {name}", {"name": "channels"})
        return self

    @property
    def channel_field(self) -> str:
        """Name of the field that names the channels; ``channels`` when they stay."""
        return next((name for name in CHANNEL_FIELDS if getattr(self, name) is not None), "channels")

    def applied_to(self, request: ConfigureRequest) -> dict[str, Any]:
        """Return the body of the changed view. What it means is not checked here."""
        body = request.model_dump()
        if self.roi is not None:
            body["channels"] = {"min": self.roi[0] or 1, "max": self.roi[1]}
        elif self.sensors is not None:
            body["channels"] = {"min": self.sensors.min + 1, "max": self.sensors.max + 1}
        elif self.channels is not None:
            body["channels"] = self.channels.model_dump()
        for name in ("displayTimeAxisDuration", "nfftSelection"):
            if getattr(self, name) is not None:
                body[name] = getattr(self, name)
        display = self.displayInfo or self.canvasInfo
        if display is not None:
            body["displayInfo"] = display.model_dump()
        if self.frequencyRange is not None:
            body["frequencyRange"] = self.frequencyRange.model_dump()
        return body


class TaskChange(Change):
    """Body of POST /config_task: a change, and the view that it is for."""

    task_id: str


class TimeRange(_Strict):
    """Body of POST /recordings_in_time_range: seconds since the epoch."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"start_time": 1_700_000_000, "end_time": 1_700_000_600}]}
    )

    start_time: int
    end_time: int
