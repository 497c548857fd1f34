"""What the getters of the cluster have in common: whose things are looked at, how they are counted, their labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.objects import ValueOfEach, field_of
from focus_core.cluster.owners import Owner, WorkloadName
from focus_core.run import clients, shown_values
from focus_core.site.data import site
from focus_core.site.model import Workload
from focus_core.views.view import View
from robot.api import SkipExecution

from focus_keywords.failures import naming
from focus_keywords.getters import CHECK, checked

# The types of the arguments of a getter: those that all have, and whose things are looked at.
OWNER: dict[str, Any] = {"workload": WorkloadName, "view": View, "cleanup_of": View}
OF_A_VIEW: dict[str, Any] = {**CHECK, "view": View, "cleanup_of": View}
OF_ANYONE: dict[str, Any] = {**CHECK, **OWNER}

_LABEL = "label "


def entry_of(workload: WorkloadName) -> Workload:
    """What the site file says of a workload; a test that needs one that it does not name is skipped."""
    entry: Workload | None = getattr(site().workloads, workload)
    if entry is None:
        raise SkipExecution(f"The file of this site names no workload {workload}.")
    return entry


def owner_of(workload: WorkloadName | None = None, view: View | None = None, cleanup_of: View | None = None) -> Owner:
    """Whose things a getter looks at."""
    return Owner(
        clients.cluster(),
        site(),
        entry_of(workload) if workload else None,
        view.job_id if view else "",
        cleanup_of.job_id if cleanup_of else "",
    )


class Things:
    """Things of one kind, found anew at each look, and the three ways in which getters return and check them.

    ``kind`` is one of them in words, ``wanted`` the attributes that they have; None is not looked at, capitals do not
    count.
    """

    def __init__(
        self, kind: str, find: Callable[[], Iterable[Any]], owner: object = "", label: str | None = None, **wanted: Any
    ) -> None:
        self._kind, self._find, self._label = kind, find, label
        self._wanted = {name: value for name, value in wanted.items() if value is not None}
        words = [f"{name} {_word(value)}" for name, value in self._wanted.items()]
        words += [f"label {label}"] if label else []
        self._of = f"{owner} ({', '.join(words)})" if words else str(owner)

    def listed(self, *check: Any) -> list[Any]:
        """The things; ``check`` is what every getter is given: operator, expected, message, within, during."""
        found: list[Any] = checked(f"{self._kind.capitalize()}s{self._of}", self.read, *check)
        return found

    def counted(self, operator: AssertionOperator | None, expected: Any, message: str | None, *times: Any) -> int:
        """Their number; they are shown in the log, and a failure names them, or those that are otherwise."""
        found: list[Any] = []
        others: list[Any] = []

        def count() -> int:
            others[:] = self._find()
            found[:] = filter(self._fits, others)
            return len(found)

        what = f"{self._kind}s{self._of}"
        try:
            number: int = checked(f"Number of {what}", count, operator, expected, message, *times)
        except AssertionError as failure:
            raise naming(failure, message, "There are" if found else "There are others", found or others) from None
        finally:
            if found:
                shown_values.log_value(what.capitalize(), found)
        return number

    def field(
        self, name: str, operator: AssertionOperator | None, expected: Any, message: str | None, *times: Any
    ) -> Any:
        """An attribute of each of them, or with ``label job_id`` its label of that name; a failure names them."""
        found: list[Any] = []

        def read() -> Any:
            found[:] = self.read()
            return self._field(found, name)

        try:
            return checked(f"{name} of {self._kind}s{self._of}", read, operator, expected, message, *times)
        except AssertionError as failure:
            raise naming(failure, message, "Seen" if len(found) == 1 else "Seen, in this order", found) from None

    def read(self) -> list[Any]:
        """What there is now."""
        return [thing for thing in self._find() if self._fits(thing)]

    def _field(self, things: list[Any], name: str) -> Any:
        if not things:
            raise AssertionError(f"there is no {self._kind}")
        if not name.casefold().startswith(_LABEL):
            return field_of(things, self._kind, name)
        values = [thing.labels.get(name[len(_LABEL) :].strip()) for thing in things]
        return values[0] if len(values) == 1 else ValueOfEach(values)

    def _fits(self, thing: Any) -> bool:
        has = all(_same(getattr(thing, name), value) for name, value in self._wanted.items())
        return has and (self._label is None or has_label(thing.labels, self._label))


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _same(seen: object, wanted: object) -> bool:
    return seen.casefold() == wanted.casefold() if isinstance(seen, str) and isinstance(wanted, str) else seen == wanted


def has_label(labels: dict[str, str], wanted: str) -> bool:
    """Whether labels hold what a tester wants: ``job_id=7-1`` that value, ``job_id`` any."""
    name, equals, value = wanted.partition("=")
    return labels.get(name) == value if equals else name in labels
