"""Keywords that read an answer of the Focus Server: members of its body, headers, the time that it took."""

from __future__ import annotations

from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.quantities import Seconds
from focus_core.server.client import Exchange
from focus_core.server.members import member
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_TAGS = ("Server", "Getter", "Assertion")
_CHECK = {name: CHECK[name] for name in ("operator", "expected", "message")}


class AnswerGetters:
    """What is in an answer, returned and checked. An answer never changes, so no word here waits."""

    @keyword(tags=_TAGS, types={"answer": Exchange, "path": str} | _CHECK)
    def get_answer_field(
        self,
        answer: Exchange,
        path: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Any:
        """Returns a member of a JSON answer; it may be an object or a list.

        ``path`` names members from outside in: ``dependencies.mongodb``; ``[0]`` is a place in a list, ``[-1]`` its
        last: ``detail[0].loc[-1]``.

        | ${answer} =    Ask Focus Server    GET    /channels
        | Get Answer Field    ${answer}    lowest_channel    ==    1
        | Get Answer Field    ${answer}    channels[0]    <    10
        """
        return checked(f"{path} of {answer}", lambda: member(answer.json(), path), operator, expected, message)

    @keyword(tags=_TAGS, types={"answer": Exchange} | _CHECK)
    def get_answer_status(
        self,
        answer: Exchange,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> int:
        """Returns the status of an answer. Of the Focus Server `Answer Should Be` checks more: its shape too.

        | ${answer} =    Ask Focus Server    GET    /ack
        | Get Answer Status    ${answer}    <    400
        """
        found: int = checked(f"Status of {answer}", lambda: answer.status, operator, expected, message)
        return found

    @keyword(tags=_TAGS, types={"answer": Exchange, "name": str} | _CHECK)
    def get_answer_header(
        self,
        answer: Exchange,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> str:
        """Returns a header of an answer as a text; fails when the answer does not have it.

        | ${answer} =    Ask Focus Server    GET    /channels
        | Get Answer Header    ${answer}    X-Frame-Options    ==    DENY
        """

        def read() -> str:
            if name not in answer.headers:
                raise AssertionError(f"there is no such header; there are {', '.join(answer.headers) or 'none'}")
            return answer.headers[name]

        found: str = checked(f"Header {name} of {answer}", read, operator, expected, message)
        return found

    @keyword(tags=_TAGS, types={"answer": Exchange} | _CHECK)
    def get_answer_time(
        self,
        answer: Exchange,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
    ) -> Seconds:
        """Returns how long an answer took, in seconds. Time limits belong into exclusive suites, where no other lane
        loads the site.

        | ${answer} =    Ask Focus Server    GET    /channels
        | Get Answer Time    ${answer}    <    500 ms
        | Get Answer Time    ${answer}    <=    ${SITE_DATA.timings.answer_s}
        """
        found: Seconds = checked(f"Time of {answer}", lambda: Seconds(answer.seconds), operator, expected, message)
        return found
