"""What is known of the fibre and its recorder: live metadata, and the recorder's part of a configure answer."""

from __future__ import annotations

import uuid
from typing import Any

from simulator import defects
from simulator.pods.analyzer.calculations import PRR
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.kubernetes_api import KubernetesApi, KubernetesDownError

DX_METERS = 1.0213698148727417
FIBER_LENGTH_METERS = 10_000
NUM_SAMPLES_PER_TRACE = 9791
RECORDER_VERSION = "11.17.10513"
FIBER_DESCRIPTION = "simulated fiber"
PREPROCESSOR = "panda-panda-preprocessor"
WAITING = "waiting for fiber"
WAITING_CHANNELS = 2337
RETRY_AFTER_S = 10


def live_metadata() -> dict[str, Any]:
    """Return the metadata of the live source: dx in metres a channel, prr in Hz, the fibre's extent in metres."""
    if defects.active("waiting-for-fiber"):
        return _without_unknown_fields(
            {
                "dx": 0.0,
                "prr": 0.0,
                "fiber_start_meters": None,
                "fiber_length_meters": None,
                "sw_version": WAITING,
                "number_of_channels": WAITING_CHANNELS,
                "fiber_description": WAITING,
                "num_samples_per_trace": None,
                "dtype": None,
            }
        )
    metadata = {
        "dx": DX_METERS,
        "prr": PRR,
        "fiber_start_meters": 0,
        "fiber_length_meters": FIBER_LENGTH_METERS,
        "sw_version": RECORDER_VERSION,
        "number_of_channels": 2447.75 if defects.active("live-metadata-float-channels") else NUM_SAMPLES_PER_TRACE,
        "fiber_description": FIBER_DESCRIPTION,
        "num_samples_per_trace": NUM_SAMPLES_PER_TRACE,
        "dtype": "float32",
    }
    return _without_unknown_fields(metadata)


def _without_unknown_fields(metadata: dict[str, Any]) -> dict[str, Any]:
    if defects.active("live-metadata-missing-fields"):
        del metadata["num_samples_per_trace"], metadata["dtype"]
    return metadata


async def has_live_source(api: KubernetesApi) -> bool:
    """Return whether traces come in: the preprocessor runs. Where nothing is known of it, they do."""
    if defects.active("no-live-source"):
        return False
    try:
        preprocessor = await api.get("apis/apps/v1", f"statefulsets/{PREPROCESSOR}")
    except KubernetesDownError:
        return True
    return preprocessor is None or preprocessor.get("status", {}).get("readyReplicas", 0) > 0


def waiting_for_fiber() -> ApiError | None:
    """Return the refusal of a live view while the site waits for its fibre, None when it does not wait."""
    if not defects.active("waiting-for-fiber"):
        return None
    if defects.active("waiting-fiber-unclear"):
        return ApiError(503, "Cannot proceed: Missing required fiber metadata fields: prr", retry_after=RETRY_AFTER_S)
    return ApiError(
        503,
        "The site is waiting for its fiber: live views are not available.",
        retry_after=RETRY_AFTER_S,
        more={
            "reason": "The metadata of the fiber are not complete: prr is missing.",
            "status": "waiting_for_fiber",
            "message": "Connect the fiber or wait for the recorder, then try again; historic views are available.",
            "details": {"prr": 0.0, "sw_version": WAITING, "fiber_description": WAITING},
        },
    )


def recorder_metadata(job_id: str) -> dict[str, Any]:
    """Return how a configure answer describes the recorder; the uuids are a function of the job id."""
    return {
        "layer_type": "smart_recorder",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"recorder {job_id}")),
        "sw_version": None,
        "cmd": "--storage segy --file-length 10000 --file-limit-minutes 5 --record-livefs --mongo-mapper-index "
        "--allow-use-existing-queue --mq-max-length-bytes 1074000000",
        "processors": [],
        "version": "TLV-1.3",
        "num_traces": 10_000,
        "parent": {
            "layer_type": "prp2_recording",
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"recording {job_id}")),
            "sw_version": None,
            "dx": DX_METERS,
            "prr": int(PRR),
            "num_traces": 2048,
            "num_samples_per_trace": NUM_SAMPLES_PER_TRACE,
            "fast_time_pixels": None,
            "slow_time_pixels": None,
            "version": "TLV-1.3",
            "fiber_start_meters": 0,
            "fiber_length_meters": FIBER_LENGTH_METERS,
            "gauge_length_meters": 10.213698387145996,
            "late_t_axis_decimation": 4,
            "fiber_description": FIBER_DESCRIPTION,
            "decimation_factor_x": 4,
            "recording_timezone": "Asia/Jerusalem",
            "recording_machine_name": "panda-panda-preprocessor-0",
            "content_type": None,
            "feature_names": None,
            "producer_version": None,
            "source_uuid": None,
            "n_features": 1,
            "original_uuid": None,
            "algo_metadata": None,
            "recording_sw_version": None,
            "cut_sw_version": None,
            "start_time": None,
            "end_time": None,
            "preprocessor_version": "11",
            "preprocessor_calculation_version": "8",
        },
    }
