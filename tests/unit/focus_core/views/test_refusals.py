"""What a clean refusal is: every part of it that can be wrong is found wrong. And the bodies that are sent."""

import json
from typing import Any, get_args

import pytest
from focus_core.server.client import Exchange
from focus_core.site import loader as site_loader
from focus_core.views import refusals
from focus_core.views.malformed_bodies import Malformed, Unusual, foreign_texts, malformed, unusual
from focus_core.views.refusals import NOTHING, Kind, UpTo

ALLOWED = [1, 2222]
MEANING = {"error": "channels.max is above the maximum channel 2222.", "field": "channels.max", "allowed": ALLOWED}
ENTRY = {"loc": ["body", "channels", "min"], "msg": "channels.min must be an integer", "type": "int_type"}
BODY = {"view_type": 0, "channels": {"min": 1, "max": 3}, "displayTimeAxisDuration": 10, "start_time": None}


def exchange(status: int, body: object) -> Exchange:
    headers = {"Content-Type": "application/json"}
    return Exchange("POST", "http://x/focus-server/configure", "{}", status, headers, json.dumps(body), 0.1)


def meaning(**changed: Any) -> list[str]:
    return refusals.problems_of_semantic_error(exchange(400, MEANING | changed), "channels.max", ALLOWED, "maximum")


def shape(*entries: dict[str, Any], status: int = 422) -> list[str]:
    answer = exchange(status, {"detail": list(entries)})
    return refusals.problems_of_validation_error(answer, ["channels.min"], (Kind.Integer,))


def test_a_clean_refusal_of_a_meaning() -> None:
    assert meaning() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"error": ""},
        {"error": "The channels are wrong here."},
        {"field": "channels.min"},
        {"field": None},
        {"allowed": [1, 2223]},
        {"allowed": [2222, 1]},
        {"allowed": [True, 2222]},
        {"allowed": ["1", 2222]},
        {"allowed": []},
        {"allowed": None},
        {"trace": "x"},
    ],
)
def test_a_meaning_that_is_refused_badly(changed: dict[str, Any]) -> None:
    assert meaning(**changed)


@pytest.mark.parametrize("missing", MEANING)
def test_a_refusal_without_a_member(missing: str) -> None:
    body = {name: value for name, value in MEANING.items() if name != missing}
    assert refusals.problems_of_semantic_error(exchange(400, body), "channels.max", ALLOWED, "maximum")


def test_a_refusal_of_another_field_is_not_measured_by_what_this_one_allows() -> None:
    found = refusals.problems_of_semantic_error(exchange(400, MEANING), "nfft", NOTHING)
    assert found == ["it names the field 'channels.max' instead of 'nfft'"]
    assert len(refusals.problems_of_semantic_error(exchange(400, MEANING), "nfft", NOTHING, "power of two")) == 2


def test_a_refusal_may_have_nothing_to_allow() -> None:
    body = {"error": "There is no recording found.", "field": "start_time"}
    assert refusals.problems_of_semantic_error(exchange(400, body), "start_time", NOTHING, "no recording") == []
    named = exchange(400, body | {"allowed": 1})
    assert refusals.problems_of_semantic_error(named, "start_time", NOTHING, "no recording")


@pytest.mark.parametrize(
    ("value", "fits"), [([1, 9], True), ([0, 9], False), ([1, 1], False), ([1], False), ([1, "9"], False), (9, False)]
)
def test_an_end_that_no_document_states(value: Any, fits: bool) -> None:
    assert UpTo(1).matches(value) is fits


def test_a_clean_refusal_of_a_shape() -> None:
    assert shape(ENTRY) == []


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [ENTRY, ENTRY],
        [ENTRY | {"loc": ["body", "channels", "max"]}],
        [ENTRY | {"loc": ["query", "channels", "min"]}],
        [ENTRY | {"loc": []}],
        [ENTRY | {"msg": "This is wrong here."}],
        [ENTRY | {"msg": ""}],
        [ENTRY | {"type": "missing"}],
        [ENTRY | {"type": None}],
    ],
)
def test_a_shape_that_is_refused_badly(entries: list[dict[str, Any]]) -> None:
    assert shape(*entries)


def test_a_shape_has_its_own_status_and_a_list() -> None:
    assert shape(ENTRY, status=400)
    assert refusals.problems_of_validation_error(
        exchange(422, {"detail": "channels.min is wrong"}), ["channels.min"], (Kind.Json,)
    )


def test_only_the_reason_itself_names_the_cause() -> None:
    named = {"error": "The channels are wrong here.", "field": "nfftSelection", "allowed": [128, 4096]}
    for because in ("nfftSelection", "4096"):
        assert refusals.problems(exchange(400, named), 400, because) == [
            f"its reason 'The channels are wrong here.' does not speak of '{because}'"
        ]
    assert refusals.problems(exchange(422, {"detail": [ENTRY | {"msg": "It must be an integer"}]}), 422, "channels")
    assert refusals.problems(exchange(422, {"detail": [ENTRY]}), 422, "channels") == []


@pytest.mark.parametrize(
    ("reason", "because", "spoken"),
    [
        ("It is above 4096.", "4096", True),
        ("It is above 14096 Hz.", "4096", False),
        ("It is above 4096.5 Hz.", "4096", False),
        ("It is above 40960 Hz.", "4096", False),
        ("It is no power of two.", "power of 2", True),
        ("It is no power of 2.", "power of two", True),
        ("It is above the NYQUIST limit.", "nyquist", True),
    ],
)
def test_a_number_is_matched_as_a_whole(reason: str, because: str, spoken: bool) -> None:
    assert (refusals.problems(exchange(400, {"error": reason}), 400, because) == []) is spoken


@pytest.mark.parametrize("field", refusals.FIELDS)
def test_wrong_types_of_a_field_are_wrong(field: str) -> None:
    values = refusals.wrong_values(field).values()
    right = {Kind.Integer: int, Kind.Number: (int, float), Kind.Object: dict, Kind.ViewType: int}[
        refusals.FIELDS[field]
    ]
    assert all(isinstance(value, bool) or not isinstance(value, right) for value in values)
    assert len(values) >= 8
    assert (None in values) is (field not in refusals.OPTIONAL)


def test_what_a_site_allows_comes_from_its_limits() -> None:
    limits = site_loader.load("staging").limits
    assert refusals.allowed_values("nfftSelection", limits, single=True)[-1] == 65536
    assert refusals.allowed_values("nfftSelection", limits, single=False)[-1] == 4096
    assert refusals.allowed_values("channels.min", limits, single=False) == [1, 2222]
    assert refusals.allowed_values("frequencyRange", limits, single=False) == [0, 1000]
    assert refusals.allowed_values("end_time", limits, single=False) is NOTHING


@pytest.mark.parametrize("how", get_args(Malformed))
def test_a_spoiled_body_is_no_ordinary_json(how: Malformed) -> None:
    text = malformed(how, BODY)
    if len(text) <= 1 << 20:
        with pytest.raises((ValueError, RecursionError)):
            json.loads(text)


@pytest.mark.parametrize("how", get_args(Unusual))
def test_an_unusual_body_means_the_same(how: Unusual) -> None:
    read = json.loads(unusual(how, BODY).removeprefix("\ufeff"))
    assert int(read["view_type"]) == 0
    assert read["displayTimeAxisDuration"] == 10
    assert (read["channels"]["min"], read["channels"]["max"]) == (1, 3)


@pytest.mark.parametrize(
    ("how", "texts"),
    [
        ("spaces and new lines", []),
        ("every sign escaped", []),
        ("an unknown field", ["surprise"]),
        ("an unknown field in each object", ["surprise"]),
        ("a Hebrew field", ["הערה", "שלום סיב 🐟"]),
        ("every field twice, the last one counts", ["wrong"]),
        ("the view type as text", ["0"]),
    ],
)
def test_what_a_view_does_not_have_is_known(how: Unusual, texts: list[str]) -> None:
    assert foreign_texts(unusual(how, BODY), BODY) == texts
