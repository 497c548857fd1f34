"""Shapes of the answers, for ``/openapi.json``. The answers themselves are written without them, which is quicker."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from simulator.pods.focus.models import ChannelRange, FrequencyRange


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Nothing(_Answer):
    """An empty object."""


class Refusal(_Answer):
    """A refusal: the reason, and where they help the field and what is allowed there."""

    model_config = ConfigDict(
        extra="forbid",
        # The allowed values are a list, a range, a word or a number; Pydantic would declare "anything" without this.
        json_schema_extra={"required": ["error"]},
    )

    error: str
    field: str | None = None
    allowed: list[int] | dict[str, float | None] | str | int | None = None


class FiberDetails(_Answer):
    """What is known of a fibre that the site waits for."""

    prr: float
    sw_version: str
    fiber_description: str


class WaitingForFiber(_Answer):
    """Refusal of a live view while the site waits for its fibre."""

    error: str
    reason: str
    status: Literal["waiting_for_fiber"]
    message: str
    details: FiberDetails


class Detail(_Answer):
    """Refusal of the HTTP layer."""

    detail: str


class Problem(_Answer):
    """One field of the wrong shape."""

    loc: list[str | int]
    msg: str
    type: str


class ShapeError(_Answer):
    """Refusal of a body of the wrong shape."""

    detail: list[Problem]


class Dependencies(_Answer):
    """State of each service that the server depends on."""

    mongodb: Literal["ok", "down"]
    rabbitmq: Literal["ok", "down"]
    kubernetes: Literal["ok", "down"]


class Health(_Answer):
    """Health of the server; message names what is down. uptime in seconds."""

    status: Literal["ok", "degraded"]
    version: str
    uptime: float
    dependencies: Dependencies
    message: str | None = None


class Channels(_Answer):
    """Channels of the fibre."""

    lowest_channel: int
    highest_channel: int
    channels: list[int]


class Sensors(_Answer):
    """Sensors of the fibre, counted from 0."""

    sensors: list[int]


class LiveMetadata(_Answer):
    """The live source: dx in metres, prr in Hz. While the site waits for its fibre the nullable fields are null."""

    dx: float
    prr: float
    fiber_start_meters: int | None
    fiber_length_meters: int | None
    sw_version: str
    number_of_channels: int
    fiber_description: str
    num_samples_per_trace: int | None
    dtype: str | None


class ConfigureAnswer(_Answer):
    """An open view: frequencies in Hz, lines_dt in seconds a row."""

    status: Literal["success"]
    job_id: str
    frequencies_list: list[float]
    frequencies_amount: int
    lines_dt: float
    channel_to_stream_index: dict[str, int]
    channel_amount: int
    stream_amount: int
    stream_port: int
    stream_url: str
    view_type: int
    metadata: dict[str, Any]


class Metadata(ConfigureAnswer):
    """A view with the values of its request."""

    nfft: int
    channels: ChannelRange
    frequencyRange: FrequencyRange | None  # noqa: N815
    timeStatus: Literal["Live", "Historic"]  # noqa: N815


class JobState(_Answer):
    """State of a job."""

    status: Literal["waiting", "running", "completed"]


class ConfigAccepted(_Answer):
    """A change of a view was taken."""

    status: Literal["Config received successfully"]
    task_id: str


class Deleted(_Answer):
    """A job was deleted."""

    status: Literal["success"]
    job_id: str


class SensorRow(_Answer):
    """Intensities of one sensor in one row, one a bin."""

    id: int
    intensity: list[float]


class Row(_Answer):
    """One row of a waterfall; times in milliseconds since the epoch."""

    canvasId: str  # noqa: N815
    sensors: list[SensorRow]
    startTimestamp: int  # noqa: N815
    endTimestamp: int  # noqa: N815


class Block(_Answer):
    """Rows of a waterfall, oldest first, with the extremes of their intensities."""

    rows: list[Row]
    current_max_amp: float
    current_min_amp: float


class WaterfallData(_Answer):
    """All rows that fit the display."""

    data: list[Block]
