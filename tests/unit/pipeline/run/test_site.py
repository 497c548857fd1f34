"""A run has one site: a variable that chooses another than the report would name is refused."""

import pytest

from pipeline.errors import RunError
from pipeline.run import site


@pytest.mark.parametrize(("chosen", "variable"), [("simulated", "staging"), ("staging", "simulated")])
def test_another_site_by_variable_is_refused(chosen: str, variable: str) -> None:
    with pytest.raises(RunError, match=rf"^Two sites are chosen: '{variable}' by .* and '{chosen}' by --site.*\.$"):
        site.refuse_second_choice(chosen, variable)


@pytest.mark.parametrize("variable", [None, "staging", str(site.site_loader.SITES / "staging.yaml")])
def test_the_same_site_is_no_second_choice(variable: str | None) -> None:
    site.refuse_second_choice("staging", variable)


def test_a_variable_that_is_no_site_is_told_as_such() -> None:
    with pytest.raises(RunError, match="no site 'nosuch'"):
        site.refuse_second_choice("staging", "nosuch")
