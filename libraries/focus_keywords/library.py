"""A Robot Framework library composed of keyword classes."""

import inspect
from collections.abc import Mapping, Sequence

from robotlibcore import HybridCore


class KeywordLibrary(HybridCore):
    """Offers the keywords of its components; Robot Framework reads the signature of each from its method.

    robotlibcore itself would read it three times more, for the specifications that only its DynamicCore needs
    (docs/decisions/0009-cold-start.md).
    """

    def add_library_components(
        self,
        library_components: Sequence[object],
        translation: Mapping[str, object] | None = None,
        translated_kw_names: Sequence[str] | None = None,
    ) -> None:
        """Take over what is marked as a keyword in the components' classes; names are not translated here."""
        if translation or translated_kw_names:
            raise TypeError("The keywords of this project are not translated.")
        for component in library_components:
            for name, method in inspect.getmembers(type(component), inspect.isfunction):
                if hasattr(method, "robot_name"):
                    keyword = getattr(component, name)
                    self.keywords[method.robot_name or name] = keyword
                    self.attributes[method.robot_name or name] = keyword
