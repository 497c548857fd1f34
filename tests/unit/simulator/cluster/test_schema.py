"""The types that the cluster reads from the source of the package `kubernetes`, compared with its own models."""

from __future__ import annotations

import pytest
from kubernetes.client import models

from simulator.cluster import schema
from simulator.cluster.resources import KINDS, POD, Kind

STORED = [kind for kind in KINDS if not kind.question and not kind.read_only]


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: f"{kind.version}-{kind.name}")
def test_fields_are_those_of_the_model(kind: Kind) -> None:
    name = schema.model_of(kind)
    model = getattr(models, name)
    read = schema._fields(name)
    assert set(read) == set(model.attribute_map.values())
    required = {field.serialization_alias or key for key, field in model.model_fields.items() if field.is_required()}
    assert {key for key, field in read.items() if field.required} == required


def test_what_is_wrong_is_found_with_its_place() -> None:
    container = {"name": "c", "comand": ["x"], "env": [{"name": "A", "value": 5}], "resources": {"limits": {"cpu": 4}}}
    found = schema.examined(POD, {"metadata": {"name": "p"}, "spec": {"containers": [container], "nodeName": ["x"]}})
    assert [path for _, _, path in found.unknown] == ["spec.containers[0].comand"]
    assert [text.split(" into field ")[1] for text in found.wrong] == [
        "spec.containers[0].env[0].value of type string",
        "spec.nodeName of type string",
    ]


def test_what_is_missing_is_found_with_its_place() -> None:
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"livenessProbe": {"httpGet": {"path": "/"}}}]}}
    assert {field for field, _ in schema.missing(POD, pod)} == {
        "spec.containers[0].name",
        "spec.containers[0].livenessProbe.httpGet.port",
    }
