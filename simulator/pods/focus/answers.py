"""Answers of configure and metadata, built from the request."""

from __future__ import annotations

from typing import Any

from simulator import defects
from simulator.pods.analyzer.calculations import Calculated, calculate
from simulator.pods.focus import contract_defects
from simulator.pods.focus.fiber import recorder_metadata
from simulator.pods.focus.models import ConfigureRequest
from simulator.pods.focus.settings import Settings

# Lists that follow from the request; an annotation of the cluster has no room for them (256 KiB).
_DERIVED = ("frequencies_list", "channel_to_stream_index")


def calculated(request: ConfigureRequest, *, spec_formulas: bool) -> Calculated:
    """Compute the calculated fields of an accepted request."""
    frequency = request.frequencyRange
    return calculate(
        view_type=request.view_type,
        channels=(request.channels.min, request.channels.max),
        nfft=request.nfftSelection or 1,
        frequency_hz=None if frequency is None else (frequency.min, frequency.max),
        duration_s=request.displayTimeAxisDuration,
        height=max(1, request.displayInfo.height),
        spec_formulas=spec_formulas,
    )


def configure_answer(request: ConfigureRequest, job_id: str, slot: int, settings: Settings) -> dict[str, Any]:
    """Return the answer of POST /configure: lines_dt in seconds, frequencies in Hz, the port of the job's stream."""
    fields = _request_fields(request)
    return {
        "status": "success",
        "job_id": job_id,
        **fields,
        "stream_port": settings.stream_base_port + slot,
        "stream_url": f"http://{settings.stream_host}",
        "view_type": request.view_type,
        "metadata": recorder_metadata(job_id),
    }


def changed_answer(request: ConfigureRequest, before: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a view after a change: job, port and type stay, what follows from the request does not."""
    return {**before, **_request_fields(request)}


def _request_fields(request: ConfigureRequest) -> dict[str, Any]:
    fields = calculated(request, spec_formulas=defects.active("spec-formulas"))
    return {
        "frequencies_list": fields.frequencies,
        "frequencies_amount": len(fields.frequencies),
        "lines_dt": fields.lines_dt,
        "channel_to_stream_index": _as_text(fields.streams),
        "channel_amount": request.channels.max - request.channels.min + 1,
        "stream_amount": fields.stream_amount,
    }


def on_the_wire(answer: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return an answer as clients see it: the same, unless a defect distorts it."""
    shown = dict(answer)
    if defects.active("empty-status"):
        shown["status"] = ""
    if defects.active("wrong-channel-amount"):
        shown["channel_amount"] += 1
    if defects.active("counts-mismatch"):
        shown["frequencies_amount"] += 1
    if defects.active("frequencies-object"):
        shown["frequencies_list"] = {}
    if defects.active("frequencies-uneven"):
        shown["frequencies_list"] = _uneven(shown["frequencies_list"])
    if defects.active("view-type-string"):
        shown["view_type"] = str(shown["view_type"])
    if defects.active("shared-port"):
        shown["stream_port"] = settings.stream_base_port + 1
    if defects.active("string-port"):
        shown["stream_port"] = str(shown["stream_port"])
    return contract_defects.renamed(shown)


def _uneven(frequencies: list[float]) -> list[float]:
    """Return the frequencies, the middle one a tenth of a step too high; fewer than three stay as they are."""
    if len(frequencies) < 3:
        return frequencies
    middle = len(frequencies) // 2
    moved = frequencies[middle] + (frequencies[1] - frequencies[0]) / 10
    return [*frequencies[:middle], moved, *frequencies[middle + 1 :]]


def compact(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer without the lists that follow from the request, small enough for an annotation."""
    return {key: value for key, value in answer.items() if key not in _DERIVED}


def restored(request: ConfigureRequest, stored: dict[str, Any]) -> dict[str, Any]:
    """Return the whole answer from what ``compact`` left of it.

    The number of bins shows which formulas the answer followed, whatever is switched on now.
    """
    fields = calculated(request, spec_formulas=False)
    if len(fields.frequencies) != stored["frequencies_amount"]:
        fields = calculated(request, spec_formulas=True)
    return {
        **stored,
        "frequencies_list": fields.frequencies,
        "channel_to_stream_index": _as_text(fields.streams),
    }


def metadata_answer(request: ConfigureRequest, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a job: the configure answer and the request's own values (``null`` where it had none)."""
    frequency = request.frequencyRange
    return {
        **answer,
        "nfft": request.nfftSelection or 1,
        "channels": request.channels.model_dump(),
        "frequencyRange": None if frequency is None else frequency.model_dump(),
        "timeStatus": "Historic" if request.historic else "Live",
    }


def _as_text(streams: dict[int, int]) -> dict[str, int]:
    return {str(channel): stream for channel, stream in streams.items()}
