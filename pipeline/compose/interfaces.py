"""Which interfaces of the site the words of a library use: what `Open Site` of a suite made of them has to name."""

from __future__ import annotations

from collections.abc import Iterable

# The order in which suites name them.
ORDER = ("rest", "webapp", "mongodb", "rabbitmq", "kubernetes", "grpc", "ssh", "ui", "product_sources")

# A library that is not here needs the Focus Server only.
BY_LIBRARY = {
    "AccessLibrary": ("webapp", "mongodb", "rabbitmq"),
    "AlertLibrary": ("webapp", "rabbitmq"),
    "ClusterLibrary": ("kubernetes",),
    "DisruptionLibrary": ("kubernetes",),
    "MongoLibrary": ("mongodb",),
    "NodeLibrary": ("ssh",),
    "RabbitLibrary": ("rabbitmq",),
    "SSHLibrary": ("ssh",),
    "ProductSourcesLibrary": ("product_sources",),
    "RecordingLibrary": ("mongodb",),
    "StreamLibrary": ("grpc",),
    "UiLibrary": ("webapp", "ui"),
}
# Suites with its words run alone on the site.
DISRUPTIVE = "DisruptionLibrary"


def of_libraries(names: Iterable[str]) -> list[str]:
    """The interfaces that the words of these libraries use, the Focus Server's always among them."""
    used = {"rest"}.union(*(BY_LIBRARY.get(name, ()) for name in names))
    return [interface for interface in ORDER if interface in used]
