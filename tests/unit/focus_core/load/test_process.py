"""A load as a process: what passes in and out, how it ends, what is sampled meanwhile."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.load import __main__ as driver
from focus_core.load import merging, process, profiles
from focus_core.load.plan import Plan, request
from focus_core.load.result import Interval, Result, Series
from focus_core.load.sampling import Sampler, Source
from focus_core.load.times import Times


def plan(url: str, seconds: float = 1.1, **options: Any) -> Plan:
    return Plan(profiles.constant(20, seconds), (request("GET /ack"),), urls={"focus": url}, **options)


def test_a_load_reports_its_progress_and_its_result_with_what_was_sampled(bare_server: Any) -> None:
    shown: list[Interval] = []
    source = Source("the depth", lambda: {("depth", "messages"): 3.0}, every_s=0.1)
    result = process.carry_out(plan(bare_server.url), shown.append, [source])
    assert (result.whole.succeeded, result.ended) == (22, "")
    assert shown == list(result.intervals[: len(shown)])
    assert shown
    (series,) = result.resources
    assert (series.name, series.unit, series.highest) == ("depth", "messages", 3.0)
    assert len(series.points) >= 5
    assert all(0 <= at <= result.seconds + 1 for at, _ in series.points)


@pytest.mark.nightly
def test_why_a_load_cannot_be_carried_out_is_a_fault_of_the_bench() -> None:
    with pytest.raises(BenchError, match="There is no site 'nowhere-at-all'"):
        process.carry_out(plan("", site="nowhere-at-all"))


@pytest.mark.nightly
@pytest.mark.parametrize("end", ["terminate", "close"])
def test_a_load_that_is_told_to_stop_leaves_its_result(bare_server: Any, end: str) -> None:
    load = subprocess.Popen(
        process.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with load:
        assert load.stdin
        assert load.stdout
        assert load.stderr
        load.stdin.write(f"{plan(bare_server.url, 60).to_json()}\n")
        load.stdin.flush()
        assert json.loads(load.stderr.readline())["asked"] == 20
        begun = time.monotonic()
        load.terminate() if end == "terminate" else load.stdin.close()
        assert json.loads(load.stdout.read())["ended"] == "stopped"
    assert load.returncode == 0
    assert time.monotonic() - begun < 10


@pytest.mark.nightly
def test_a_generator_of_several_marks_its_result(bare_server: Any, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(plan(bare_server.url, 0.5).to_json())
    begun = time.time() + 20
    parts = [
        subprocess.Popen(
            process.command("--plan", str(file), *share, "--start-at", str(begun)),
            env=os.environ | {"JOB_COMPLETION_INDEX": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in (("--rate-share", "1/2"), ("--generators", "2"))
    ]
    logs = [part.communicate(timeout=120)[0] for part in parts]
    result = merging.from_logs(logs, 2)
    assert (result.asked, result.generators) == (10, 2)
    assert result.begun == pytest.approx(begun, abs=0.2)


@pytest.mark.nightly
def test_a_load_of_several_processes_is_one_load(bare_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_READY_S", 20.0)
    shown: list[Interval] = []
    result = process.carry_out(plan(bare_server.url, 2.5), shown.append, generators=2)
    assert (result.asked, result.whole.succeeded, result.generators) == (50, 50, 2)
    assert [one.at for one in shown] == [0, 1]
    assert sum(one.asked for one in shown) >= 38


@pytest.mark.parametrize("share", ["a/b", "3", "1/2/3", "1/"])
def test_a_share_that_is_none_is_named_with_how_it_is_written(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        driver.main(["--plan", "plan.json", "--rate-share", share])
    assert f"'{share}' is no share, which is written like 1/4" in capsys.readouterr().err


def test_a_load_can_be_played_back_without_a_site() -> None:
    result = Result(
        1.0, 2.0, 2.0, 4, late=Times.of_seconds([0.1]), intervals=(Interval(0, 1),), ended="stopped", why="x"
    )
    assert process.LOADS.decode(json.loads(json.dumps(process.LOADS.encode(result)))) == result


def test_generators_share_a_plan_and_begin_together() -> None:
    one, two = process.shares(plan("http://x"), 2)
    assert (one.share, two.share) == ((1, 2), (2, 2))
    assert one.start_at == two.start_at
    assert one.start_at
    assert one.start_at > time.time() + 5
    assert process.shares(plan("http://x", start_at=7), 2)[1].start_at == 7
    assert process.shares(plan("http://x"), 1) == [plan("http://x")]


def test_a_source_that_fails_is_named_and_given_up() -> None:
    asked: list[float] = []

    def fail() -> Any:
        asked.append(time.time())
        raise BenchError("the cluster does not answer.")

    sampler = Sampler([Source("use of the pods", fail, 0.01), Source("good", lambda: {("a", "b"): 1.0}, 0.01)])
    begun = time.time()
    sampler.start()
    time.sleep(0.2)
    sampler.stop()
    series, unsampled = sampler.series(begun, 0.3)
    assert [type(one) for one in series] == [Series]
    assert unsampled == ("use of the pods was not sampled: the cluster does not answer.",)
    assert len(asked) == 3


def test_of_what_was_read_before_the_load_only_the_last_counts_and_nothing_from_after_it() -> None:
    values = itertools.count()
    sampler = Sampler([Source("good", lambda: {("a", "b"): float(next(values))}, 0.01)])
    sampler.start()
    time.sleep(0.05)
    sampler.stop()
    last = float(next(values) - 1)
    assert sampler.series(time.time() + 100, 5) == ((Series("a", "b", ((0.0, last),)),), ())
    assert sampler.series(time.time() - 100, 5) == ((), ())
