"""What is reported of a fault: when clients saw it, when the pod was back, when they were served again."""

from __future__ import annotations

import time
from pathlib import Path

from focus_core.disruption.cluster_changes import TargetPod
from focus_core.disruption.watch import Attempt, Look, Watch
from focus_core.run import pictures

OLD, NEW = frozenset({"process://1"}), frozenset({"process://2"})


def watch(attempts: list[Attempt], looks: list[Look]) -> Watch:
    return Watch(lambda: None, list, attempts, looks)


def test_times_of_an_outage() -> None:
    attempts = [
        Attempt(9.0, 9.1, ""),
        Attempt(10.1, 10.2, ""),
        Attempt(10.5, 11.5, "refused"),
        Attempt(12.0, 13.0, "refused"),
        Attempt(13.2, 13.5, ""),
    ]
    looks = [Look(9.9, OLD, True), Look(10.2, OLD, True), Look(11.0, frozenset(), False), Look(13.0, NEW, True)]
    times = watch(attempts, looks).timeline(10.0)
    assert (times.first_error_s, times.pod_ready_s, times.first_success_s, times.error_window_s) == (0.5, 3.0, 3.5, 3.0)
    assert (times.attempts, times.failed, times.first_trouble) == (4, 2, "refused")
    assert list(times.moments) == ["fault", "first error", "pod ready", "first success"]
    assert times.errors == (0.5, 3.5)


def test_a_container_that_was_replaced_between_two_looks_is_noticed() -> None:
    times = watch([Attempt(10.1, 10.2, "")], [Look(9.9, OLD, True), Look(10.4, NEW, True)]).timeline(10.0)
    assert times.pod_ready_s is not None
    assert times.first_error_s is None
    assert times.error_window_s == 0.0


def test_pods_that_never_changed_were_not_made_ready() -> None:
    assert watch([], [Look(9.9, OLD, True), Look(10.4, OLD, True)]).timeline(10.0).pod_ready_s is None


def test_an_outage_without_an_end_has_no_first_success() -> None:
    times = watch([Attempt(10.1, 10.2, "refused"), Attempt(10.3, 10.9, "refused")], []).timeline(10.0)
    assert times.first_success_s is None
    assert times.error_window_s > 0.7


def test_it_watches_until_it_is_stopped() -> None:
    asked: list[float] = []

    def ask() -> None:
        asked.append(time.monotonic())
        if len(asked) == 2:
            raise RuntimeError("away")

    pod = TargetPod("one", "uid", "node", "process://1", True, False, 0)
    watching = Watch(ask, lambda: [pod])
    begun = time.monotonic()
    watching.start()
    while len(asked) < 4:
        time.sleep(0.01)
    watching.stop()
    seen = len(asked)
    time.sleep(0.3)
    assert len(asked) == seen
    assert watching.timeline(begun).failed == 1
    assert watching.looks[0].ready


def test_the_picture_of_an_outage(tmp_path: Path) -> None:
    path = tmp_path / "outage.png"
    moments = {"fault": 0.0, "first error": 0.1, "pod ready": 2.0, "first success": 2.5}
    pictures.draw_outage(path, "deleted pod of mongodb", moments, (0.1, 2.5))
    assert path.stat().st_size > 1000
