"""What the product's sources hold, at the commit that is checked out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.failures import fail_with
from focus_core.base.objects import field_of
from focus_core.product_sources import imports
from focus_core.product_sources.repository import Repository
from focus_core.site.data import site
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_TAGS = ("Sources", "Getter", "Assertion")


class Sources:
    """Version, services, files and modules of the checkout that the site file names."""

    @keyword(tags=_TAGS, types=CHECK)
    def get_product_services(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[str]:
        """Returns the names of the services that the product's sources hold and, with an operator, checks the list.

        A service is a folder in one of the folders that ``services_in`` of the site file names.

        | Get Product Services    contains    focus_server
        """
        found: list[str] = checked(
            "Services in the product's sources",
            lambda: list(_sources().services()),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"service": str})
    def get_product_service_files(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        service: str,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[str]:
        """Returns the names of files and folders in a service's folder and, with an operator, checks the list.

        | Get Product Service Files    contains    Dockerfile    service=focus_server
        """
        found: list[str] = checked(
            f"Files of the product's {service}",
            lambda: [name.rstrip("/") for name in _sources().files(_sources().service_folder(service))],
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"name": str})
    def get_product_version_field(
        self,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of the version that is checked out and, with an operator, checks it.

        Fields: commit, branch, date, subject.

        | Get Product Version Field    commit    matches    ^[0-9a-f]{40}$
        """
        return checked(
            f"{name} of the product's sources",
            lambda: field_of([_sources().version()], "version", name),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=("Sources", "Assertion"))
    def expected_product_services_should_be_there(self) -> None:
        """Fails when a service that ``services`` of the site file's ``product_sources`` names is not in the sources; it
        lists them.

        | Expected Product Services Should Be There
        """
        there = _sources().services()
        missing = [name for name in site().product_sources.services if name not in there]
        fail_with("The product's sources lack services", [f"{name}: no such folder" for name in missing])

    @keyword(tags=("Sources", "Assertion"))
    def product_module_should_import(self, module: str) -> None:
        """Fails when Python cannot import a module of a service or package of the product, with Python's own reason.

        Its folder is unpacked from the commit, and imported by an interpreter of its own that has no other packages of
        this project's. What the module needs beside the standard library has to be installed for it.

        | Product Module Should Import    pzpy
        """
        problem = imports.problem(_sources(), module)
        if problem:
            raise AssertionError(f"The product's module {module} cannot be imported: {problem}.")


def _sources() -> Repository:
    return Repository.of_section(site().product_sources)
