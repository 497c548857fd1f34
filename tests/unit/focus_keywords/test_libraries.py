"""Libraries are composed of all keyword classes, and each keyword is there once."""

import gc
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import focus_keywords
import pytest
from focus_keywords.library import KeywordLibrary

LIBRARIES = sorted(path.stem for path in Path(focus_keywords.__path__[0]).parent.glob("*Library.py"))


def keyword_names(cls: type) -> list[str]:
    methods = inspect.getmembers(cls, inspect.isfunction)
    return [(method.robot_name or name) for name, method in methods if hasattr(method, "robot_name")]


def keyword_classes() -> Iterator[type]:
    for module in pkgutil.walk_packages(focus_keywords.__path__, "focus_keywords."):
        for _, cls in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if cls.__module__ == module.name and keyword_names(cls):
                yield cls


def libraries() -> list[KeywordLibrary]:
    return [getattr(importlib.import_module(name), name)() for name in LIBRARIES]


def test_libraries_offer_every_keyword_once() -> None:
    # Of two keywords of one name in a library, robotlibcore takes the last one and drops the other.
    written = Counter(name for cls in keyword_classes() for name in keyword_names(cls))
    offered = Counter(name for library in libraries() for name in library.get_keyword_names())
    assert offered == written
    assert not [name for name, times in offered.items() if times > 1]


def test_a_library_leaves_the_signatures_to_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each start of a suite pays for it, with every keyword that there is."""

    def refused(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a library read a signature")

    for name in ("signature", "getfullargspec"):
        monkeypatch.setattr(inspect, name, refused)
    assert libraries()


def test_what_robot_has_loaded_is_left_out_of_garbage_collection() -> None:
    gc.unfreeze()
    importlib.import_module("SiteLibrary").SiteLibrary()
    assert gc.get_freeze_count() > 1000
    assert gc.isenabled()


def test_types_of_a_decorator_leave_out_no_argument() -> None:
    """Robot takes them in the place of all annotations: an argument that they leave out would be any text."""
    left_out = [
        f"{cls.__name__}.{name}: {argument}"
        for cls in keyword_classes()
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        for argument, annotation in getattr(method, "__annotations__", {}).items()
        if isinstance(types := getattr(method, "robot_types", None), dict)
        if argument != "return" and annotation not in ("Any", Any) and argument not in types
    ]
    assert not left_out
