"""Sends bodies to POST /configure that no ordinary client sends."""

import json
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.run.session import client
from focus_core.server import leaks
from focus_core.server.client import Exchange
from focus_core.views import refusals
from focus_core.views.accepted import check_accepted, expect_accepted
from focus_core.views.malformed_bodies import Malformed, Unusual, foreign_texts, malformed, unusual
from focus_core.views.refusals import Kind
from focus_core.views.refused import (
    body_with,
    check_refusal,
    check_validation_error,
    expect_validation_error,
    small_view,
)
from focus_core.views.view import ViewType
from robot.api.deco import keyword

_MOST_SHOWN = 120


class MalformedRequests:
    """Requests for views as bare texts."""

    @keyword(tags=("Raw", "Assertion"))
    def text_should_be_refused_as_a_view(self, text: str, because: str) -> None:
        """Sends a text to /configure that is no JSON, or JSON but no object; the server has to answer 422.

        | Text Should Be Refused As A View    view please    because=JSON
        """
        what = f"The body {text[:60]!r}"
        if not text:
            expect_validation_error(what, None, [""], Kind.Present, because=because, text=text)
            return
        mistake = refusals.json_mistake(text)
        expect_validation_error(
            what, None, [mistake], Kind.Json if mistake else Kind.Object, because=because, text=text
        )

    @keyword(tags=("Raw", "Assertion"))
    def empty_object_should_be_refused_as_a_view(self) -> None:
        """Sends ``{}``; the server has to answer 422 and name every field that any view needs.

        | Empty Object Should Be Refused As A View
        """
        expect_validation_error(
            "The body {}", {}, ["displayInfo", "channels", "view_type"], Kind.Present, because="required"
        )

    @keyword(tags=("Raw", "Assertion"))
    def malformed_view_should_be_refused(self, how: Malformed, status: int, because: str) -> None:
        """Sends a good view that was spoiled on its way; the server has to refuse it.

        ``because`` is what the reason has to say. A body that is no JSON is answered with 422 and the place of the
        mistake, one that is too large with 413.

        | Malformed View Should Be Refused    cut off in the middle    422    because=JSON
        """
        text = malformed(how, small_view().body())
        answer = client().configure(text=text)
        if status == refusals.VALIDATION_ERROR:
            check_validation_error(
                f"A view with {how}", answer, [refusals.json_mistake(text)], Kind.Json, because=because
            )
        else:
            check_refusal(f"A view with {how}", answer, status, because)

    @keyword(tags=("Raw", "Assertion"))
    def unusual_view_should_be_answered_as_asked(self, how: Unusual) -> None:
        """Sends a good view that is written in an unusual way; it has to be answered like any other, and nothing
        comes back that a view does not have.

        | Unusual View Should Be Answered As Asked    byte order mark
        """
        request = small_view()
        text = unusual(how, request.body())
        view = expect_accepted(f"A view with {how}", request, text=text)
        fail_with(f"{view} was opened", leaks.echo_problems(view.exchange, *foreign_texts(text, request.body())))

    @keyword(tags=("Raw", "Assertion"))
    def view_type_written_as_text_should_be_answered_as_asked(self, view_type: ViewType) -> None:
        """Asks for a view with its type as a numeric text (``"0"``), as older clients do.

        | View Type Written As Text Should Be Answered As Asked    Waterfall
        """
        request = small_view(view_type)
        expect_accepted(
            f"A {view_type.name} view with its type as text",
            request,
            text=unusual("the view type as text", request.body()),
        )

    @keyword(tags=("Raw", "Assertion"))
    def waterfall_view_with_only_should_be_answered_as_asked(self, *fields: str) -> None:
        """Asks for a waterfall view with these fields and no other; it has to be answered like a complete one.

        | Waterfall View With Only Should Be Answered As Asked    displayInfo    channels    view_type
        """
        request = small_view(ViewType.Waterfall)
        body = request.body()
        unknown = set(fields) - set(body)
        if unknown:
            raise BenchError(
                f"A waterfall view has only {', '.join(body)}, not {', '.join(unknown)}; correct the table."
            )
        text = json.dumps({field: body[field] for field in fields})
        expect_accepted(f"A waterfall view with only {', '.join(fields)}", request, text=text)

    @keyword(tags=("Raw", "Assertion"))
    def view_sent_as_should_be_answered_as_asked(self, content_type: str) -> None:
        """Sends a good view with that content type; it has to be answered like any other.

        | View Sent As Should Be Answered As Asked    application/json; charset=utf-8
        """
        request = small_view()
        answer = self._send_as(content_type, json.dumps(request.body()))
        check_accepted(f"A view sent as {content_type}", request, answer)

    @keyword(tags=("Raw", "Assertion"))
    def view_sent_as_should_be_refused(self, content_type: str) -> None:
        """Sends a good view with a content type that is not JSON; the server has to answer 422.

        | View Sent As Should Be Refused    text/plain
        """
        answer = self._send_as(content_type, json.dumps(small_view().body()))
        check_validation_error(f"A view sent as {content_type or 'nothing'}", answer, [""], Kind.Object)

    @keyword(tags=("Raw", "Assertion"))
    def hostile_text_should_be_refused(self, text: str, *fields: str) -> None:
        """Sends a text that is meant to do harm as the value of each field, and as the name of one; nothing comes back.

        As a value it has to be answered with 422; as the name of an unknown field it changes nothing.

        | Hostile Text Should Be Refused    ' OR '1'='1    nfftSelection    view_type
        """
        if not fields:
            raise BenchError("Hostile text needs the fields that it is sent in; correct the table.")
        for field in fields:
            what = f"View with {text!r} as {field}"
            answer = expect_validation_error(what, body_with(field, text), [field], refusals.FIELDS[field])
            fail_with(f"{what} was refused", leaks.echo_problems(answer, text))
        request = small_view()
        what = f"View with an unknown field {text!r}"
        view = expect_accepted(what, request, text=json.dumps({**request.body(), text: text}))
        fail_with(f"{what} was accepted", leaks.echo_problems(view.exchange, text))

    @keyword(tags=("Raw", "Assertion"))
    def raw_answer_should_be_a_refusal(self, answer: Any, status: int, because: str) -> None:
        """Checks the answer to `Send Raw View Request`: status, content type, shape, and a reason.

        | ${answer} =    Send Raw View Request    {"view_type": 0}
        | Raw Answer Should Be A Refusal    ${answer}    422    because=required
        """
        if not hasattr(answer, "status_code"):
            raise BenchError(f"The answer has to be what 'Send Raw View Request' has returned, not {answer!r:.80}.")
        sent = answer.request.body or ""
        exchange = Exchange(
            method=str(answer.request.method),
            url=str(answer.request.url),
            request_body=sent if isinstance(sent, str) else sent.decode(errors="replace"),
            status=answer.status_code,
            headers=answer.headers,
            body=answer.text,
            seconds=answer.elapsed.total_seconds(),
        )
        check_refusal(f"The raw request {exchange.request_body[:_MOST_SHOWN]}", exchange, status, because)

    def _send_as(self, content_type: str, text: str) -> Exchange:
        return client().send("POST", "/configure", text=text, headers={"Content-Type": content_type})
