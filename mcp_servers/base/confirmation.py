"""A write is planned, shown to the person, and done only as it was shown.

The question goes to the person by the protocol's elicitation. Its answer is no argument of the tool, so the model
cannot give it, and a client that cannot ask its user cannot write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import AcceptedElicitation, DeclinedElicitation, Elicit
from pydantic import BaseModel, Field

from mcp_servers.base.text import clean


class Approval(BaseModel):
    """What the person is asked for."""

    approve: bool = Field(description="Yes, do exactly this")


@dataclass(frozen=True)
class Plan:
    """What a write would do. `text` is shown whole; `state` is what it depends on beside that, as a file's content."""

    text: str
    state: str = ""

    def digest(self, tool: str, arguments: Mapping[str, Any]) -> str:
        """The same for the same tool, arguments, text and state, and for nothing else."""
        whole = json.dumps([tool, dict(arguments), self.text, self.state], sort_keys=True, default=str)
        return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


def question(text: str, digest: str) -> Elicit[Approval]:
    """The question for the person; `text` is the plan's."""
    return Elicit(f"{clean(text)}\n\nPlan {digest}. Do this?", Approval)


def outcome(answer: Any) -> str:
    """`accepted`, `declined` or `cancelled`; an accepted form without the yes is declined."""
    if isinstance(answer, AcceptedElicitation):
        return "accepted" if answer.data.approve else "declined"
    return "declined" if isinstance(answer, DeclinedElicitation) else "cancelled"


def require_same(shown: str, now: str) -> None:
    """Raises ToolError where what would be done is no longer what the person saw."""
    if shown != now:
        raise ToolError("What this would do changed while you were asked; nothing was done. Call the tool again.")
