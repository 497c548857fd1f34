"""Each switch of the Focus Server changes the answer that it says it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from focus_views import LIVE, Cluster, Views
from site_commands import Site, eventually


@pytest.fixture(scope="module")
def views(simulated_site: Site) -> Views:
    return Views(simulated_site)


def changed_answer(views: Views, turn_on: Callable[..., None], name: str) -> tuple[dict, dict]:
    """The configure answers of the same request without and with the defect."""
    good = views.open()
    turn_on(name)
    bad = views.open()
    for view in (good, bad):
        views.close(view["job_id"])
    return good, bad


def test_wrong_channel_amount(views: Views, defect: Callable[..., None]) -> None:
    good, bad = changed_answer(views, defect, "wrong-channel-amount")
    assert (good["channel_amount"], bad["channel_amount"]) == (50, 51)


def test_empty_status(views: Views, defect: Callable[..., None]) -> None:
    good, bad = changed_answer(views, defect, "empty-status")
    assert (good["status"], bad["status"]) == ("success", "")


def test_string_port(views: Views, defect: Callable[..., None]) -> None:
    good, bad = changed_answer(views, defect, "string-port")
    assert isinstance(good["stream_port"], int)
    assert bad["stream_port"].isdigit()


def test_spec_formulas(views: Views, defect: Callable[..., None]) -> None:
    good, bad = changed_answer(views, defect, "spec-formulas")
    assert (good["frequencies_amount"], bad["frequencies_amount"]) == (256, 257)
    assert (good["lines_dt"], bad["lines_dt"]) == (0.01, 0.256)
    assert (good["stream_amount"], bad["stream_amount"]) == (3, 50)


def test_metadata_race(views: Views, defect: Callable[..., None]) -> None:
    defect("metadata-race")
    job_id = views.open()["job_id"]
    assert views.get(f"metadata/{job_id}").status_code == 404
    eventually(lambda: views.get(f"metadata/{job_id}").status_code == 200, timeout=4.5)
    views.close(job_id)


def test_live_metadata_missing_fields(views: Views, defect: Callable[..., None]) -> None:
    good = views.get("live_metadata").json()
    defect("live-metadata-missing-fields")
    assert set(good) - set(views.get("live_metadata").json()) == {"num_samples_per_trace", "dtype"}


def test_history_404(views: Views, defect: Callable[..., None]) -> None:
    defect("history-404")
    assert views.configure(start_time=1_000_000_000, end_time=1_000_000_060).status_code == 404


def test_missing_field_500(views: Views, defect: Callable[..., None]) -> None:
    defect("missing-field-500")
    body = {key: value for key, value in LIVE.items() if key != "displayInfo"}
    assert views.http.post(f"{views.url}/configure", json=body, timeout=10).status_code == 500


def test_frequency_null_500(views: Views, defect: Callable[..., None]) -> None:
    assert views.configure(frequencyRange=None).status_code == 422
    defect("frequency-null-500")
    assert views.configure(frequencyRange=None).status_code == 500


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("future-time-accepted", {"start_time": 4_000_000_000, "end_time": 4_000_000_060}),
        ("nfft-unchecked", {"nfftSelection": 1000}),
        ("single-min-ne-max-accepted", {"view_type": 1, "channels": {"min": 5, "max": 10}}),
        ("negative-channel-accepted", {"channels": {"min": -1, "max": 50}}),
        ("nyquist-unchecked", {"frequencyRange": {"min": 0, "max": 1500}}),
        ("view-type-unchecked", {"view_type": 99}),
        ("height-unchecked", {"displayInfo": {"height": -100}}),
        ("half-range-accepted", {"start_time": 1_000_000_000}),
        ("negative-time-accepted", {"start_time": -100, "end_time": -50}),
    ],
)
def test_bad_input_is_accepted(views: Views, defect: Callable[..., None], name: str, changes: dict) -> None:
    assert views.configure(**changes).status_code == 400
    defect(name)
    job_id = views.open(**changes)["job_id"]
    views.running(job_id)
    views.close(job_id)


def test_delete_job_404(views: Views, defect: Callable[..., None], simulated_site: Site) -> None:
    job_id = views.open()["job_id"]
    defect("delete-job-404")
    assert views.close(job_id).json() == {"detail": "Not Found"}
    assert Cluster(simulated_site).pods(job_id)


def test_no_job_id_label(views: Views, defect: Callable[..., None], simulated_site: Site) -> None:
    defect("no-job-id-label")
    job_id = views.open()["job_id"]
    (pod,) = eventually(lambda: Cluster(simulated_site).pods(job_id))
    assert "job_id" not in pod.metadata.labels
    views.running(job_id)
    views.close(job_id)


def test_job_never_starts(views: Views, defect: Callable[..., None], simulated_site: Site) -> None:
    defect("job-never-starts")
    job_id = views.open()["job_id"]
    with pytest.raises(AssertionError, match="not within"):
        eventually(lambda: views.state(job_id) == "running", timeout=2)
    (pod,) = Cluster(simulated_site).pods(job_id)
    assert pod.status.phase == "Pending"
    views.close(job_id)


def test_negative_amplitudes(views: Views, defect: Callable[..., None]) -> None:
    defect("negative-amplitudes")
    job_id = views.open()["job_id"]
    views.running(job_id)
    block = eventually(lambda: views.get(f"waterfall/{job_id}").json()["data"])[0]
    assert block["current_min_amp"] < 0
    views.close(job_id)
