"""Runs one after the other: which of them make the baseline, and what becomes of a change."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.baseline import judging, settings
from pipeline.baseline.entries import Acceptance, Entry, Figure, Line
from pipeline.baseline.rule import Verdict

RULE = settings.read().rule
# Runs of 2 % around 100 ms, without chance.
USUAL = [100 + offset for offset in (0, 2, -1, 1, -2, 0.5, 1.5, -0.5, -1.5, 0.2, 0.7, -0.3)]


def a_run(number: int, value: float, confirms: str = "", **facts: object) -> Entry:
    figure = Figure(value, "ms", limit=500)
    return Entry("channels", f"run-{number:02}", "2026-11-30T10:00:00", {"p95": figure}, confirms=confirms, **facts)  # type: ignore[arg-type]


def usual_runs(values: Iterable[float] = USUAL) -> list[Line]:
    return [a_run(number, value) for number, value in enumerate(values, 1)]


def repeated(number: int, values: list[float]) -> list[Line]:
    """A run and the runs that were made to decide its suspicion."""
    first, *more = [a_run(number + place, value) for place, value in enumerate(values)]
    return [first, *(a_run(number + place, one.figures["p95"].value, first.run) for place, one in enumerate(more, 1))]


def replay(*lines: Line) -> list[judging.Judged]:
    return judging.replay(lines, "channels", "p95", RULE)


def last(*lines: Line) -> judging.Judged:
    return replay(*lines)[-1]


def test_nothing_is_judged_before_there_are_ten_good_runs() -> None:
    verdicts = [judged.verdict for judged in replay(*usual_runs())]
    assert verdicts == [Verdict.INCONCLUSIVE] * 10 + [Verdict.OK] * 2


def test_one_slow_run_is_a_suspicion_and_no_good_run() -> None:
    judged = replay(*usual_runs(), a_run(20, 130), a_run(21, 100))
    assert (judged[-2].verdict, judged[-2].judgement.is_open) == (Verdict.INCONCLUSIVE, True)
    assert judged[-2].judgement.reason == ("130 ms, +30 % against 100.1 ms in 12 good runs: 4 more runs will decide.")
    assert judged[-1].good == judged[-2].good


def test_four_usual_repetitions_make_all_five_runs_good() -> None:
    judged = replay(*usual_runs(), *repeated(20, [130, 101, 99, 100, 102]), a_run(30, 100))
    assert judged[-2].verdict == Verdict.OK
    assert judged[-1].good[-5:] == (130, 101, 99, 100, 102)


def test_four_slow_repetitions_are_a_regression_that_stays_until_it_is_gone() -> None:
    lines = [*usual_runs(), *repeated(20, [130, 128, 131, 126, 133])]
    assert last(*lines).verdict == Verdict.REGRESSED
    later = replay(*lines, a_run(30, 129), a_run(31, 101), a_run(32, 130))
    assert [judged.verdict for judged in later[-3:]] == [Verdict.REGRESSED, Verdict.OK, Verdict.INCONCLUSIVE]
    assert later[-3].judgement.reason.endswith("as since run run-20.")
    assert 130 not in later[-1].good


def test_an_accepted_regression_is_the_new_level() -> None:
    lines = [*usual_runs(), *repeated(20, [130, 128, 131, 126, 133])]
    accepted = Acceptance("channels", "p95", "run-20", "TLS is on now", "Noa", "2026-11-30T11:00:00")
    judged = replay(*lines, a_run(30, 129), accepted)
    assert (judged[-2].verdict, judged[-2].accepted) == (Verdict.REGRESSED, accepted)
    assert judged[-1].good == (130, 128, 131, 126, 133)
    assert judged[-1].judgement.reason == "5 good runs are there to compare with, 10 are needed."


def test_an_improvement_needs_no_acceptance() -> None:
    judged = replay(*usual_runs(), *repeated(20, [70, 72, 69, 71, 73]), a_run(30, 71))
    assert judged[-2].verdict == Verdict.IMPROVED
    assert judged[-1].good == (70, 72, 69, 71, 73)


def test_more_is_better_where_the_figure_is_a_rate() -> None:
    def rate(number: int, value: float, confirms: str = "") -> Entry:
        figures = {"p95": Figure(value, "1/s", more_is_better=True)}
        return Entry("channels", f"run-{number}", "2026", figures, confirms=confirms)

    lines = [rate(number, value) for number, value in enumerate(USUAL, 1)]
    slower = [rate(20, 70), *(rate(number, 71, "run-20") for number in range(21, 25))]
    assert last(*lines, *slower).verdict == Verdict.REGRESSED
    faster = [rate(20, 130), *(rate(number, 131, "run-20") for number in range(21, 25))]
    assert last(*lines, *faster).verdict == Verdict.IMPROVED


def test_the_fixed_limit_judges_without_a_baseline_and_its_run_is_not_good() -> None:
    judged = replay(a_run(1, 501), a_run(2, 100))
    assert judged[0].verdict == Verdict.OVER_LIMIT
    assert judged[0].judgement.reason == "501 ms is above the fixed limit of 500 ms."
    assert judged[1].good == ()


def test_a_run_that_does_not_count_is_inconclusive_with_its_reason() -> None:
    late = a_run(20, 130, invalid="The generator was late.")
    failing = a_run(21, 130, errors=0.2)
    judged = replay(*usual_runs(), late, failing, a_run(22, 100))
    assert [one.verdict for one in judged[-3:]] == [Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, Verdict.OK]
    assert judged[-3].judgement.reason == "The generator was late."
    assert judged[-2].judgement.reason.startswith("20.0 % of the requests failed")
    assert len(judged[-1].good) == len(USUAL)


def test_a_repetition_that_does_not_count_is_made_once_more() -> None:
    lines = [*usual_runs(), *repeated(20, [130, 128, 131, 126])]
    late = a_run(24, 10, "run-20", invalid="The generator was late.")
    still = last(*lines, late).judgement
    assert still.is_open
    assert still.reason.endswith(
        "in 12 good runs: 1 more runs will decide. 1 repetitions did not count: The generator was late."
    )
    assert last(*lines, late, a_run(25, 130, "run-20")).verdict == Verdict.REGRESSED


def test_ok_is_not_claimed_where_runs_vary_too_much() -> None:
    wide = [80, 120, 70, 130, 90, 110, 60, 140, 100, 95, 105, 75]
    judged = last(*usual_runs(wide), a_run(20, 100))
    assert judged.verdict == Verdict.INCONCLUSIVE
    assert judged.judgement.reason.startswith("Good runs vary so much that +")


def test_ten_milliseconds_do_not_hide_a_change_of_a_fast_answer() -> None:
    def fast(number: int, value: float, confirms: str = "") -> Entry:
        figures = {"p95": Figure(value, "ms", limit=20)}
        return Entry("channels", f"run-{number}", "2026", figures, confirms=confirms)

    lines = [fast(number, value / 20) for number, value in enumerate(USUAL, 1)]
    slower = [fast(20, 7), *(fast(number, 7.1, "run-20") for number in range(21, 25))]
    assert last(*lines, *slower).verdict == Verdict.REGRESSED
    assert last(*lines, fast(20, 5.9)).verdict == Verdict.OK


def test_another_plan_begins_anew() -> None:
    judged = replay(*usual_runs(), a_run(20, 300, plan="other"))
    assert [one.judgement.reason for one in judged] == ["0 good runs are there to compare with, 10 are needed."]
