"""What MongoDB holds: base paths, collections, documents; got, counted, compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.objects import ValueOfEach, field_of
from focus_core.base.quantities import Moment, Percent
from focus_core.mongodb import catalogue
from focus_core.mongodb.catalogue import Content, StoredBasePath, StoredCollection, StoredDocument
from focus_core.mongodb.document_filter import DocumentFilter, value_at
from focus_core.run import clients
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_TAGS = ("MongoDB", "Getter", "Assertion")
_FILTER: dict[str, Any] = {
    "field": str,
    "one_of": str,
    "none_of": str,
    "at_least": str,
    "at_most": str,
    "since": Moment,
    "until": Moment,
}


class MongoContents:
    """Base paths, collections and documents."""

    @keyword(tags=_TAGS, types=CHECK | {"archive": bool})
    def get_base_paths(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        archive: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[StoredBasePath]:
        """Returns the folders of recordings that MongoDB lists and, with an operator, checks the list of their paths.

        With ``archive``: only those that are an archive (yes), or that the recorder writes to (no).

        | Get Base Paths    contains    /prisma/root/recordings    archive=no
        """
        found: list[StoredBasePath] = checked(
            "Base paths",
            lambda: catalogue.base_paths(clients.mongodb(), archive),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"name": str, "archive": bool})
    def get_base_path_field(
        self,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        archive: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of the one base path, or of each of several. Fails when there is none.

        Fields: path, guid, archive, recordings, live_recordings.

        | Get Base Path Field    live_recordings    ==    1    archive=no    within=5 s
        """
        return checked(
            f"{name} of base paths",
            lambda: field_of(catalogue.base_paths(clients.mongodb(), archive), "base path", name),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=_TAGS, types=CHECK | {"content": Content, "base_path": str})
    def get_collections(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        content: Content | None = None,
        base_path: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[StoredCollection]:
        """Returns the collections of the database and, with an operator, checks the list of their names.

        ``content`` is base paths, recordings, unrecognized folders or other; ``base_path`` the folder that they list,
        none for those that belong to no base path.

        | Get Collections    contains    base_paths
        """
        found: list[StoredCollection] = checked(
            "Collections",
            lambda: catalogue.collections(clients.mongodb(), content, base_path),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"name": str, "content": Content, "base_path": str})
    def get_collection_field(
        self,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        content: Content | None = None,
        base_path: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of the one collection, or of each of several. Fails when there is none.

        Fields: name, content, base_path, documents, indexed_by, unique_by.

        | Get Collection Field    indexed_by    contains    start_time, uuid    content=recordings
        """
        return checked(
            f"{name} of collections",
            lambda: field_of(
                catalogue.collections(clients.mongodb(), content, base_path), "collection of this content", name
            ),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=_TAGS, types=CHECK | _FILTER | {"collection": str, "first": int})
    def get_documents(
        self,
        collection: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        field: str | None = None,
        one_of: str | None = None,
        none_of: str | None = None,
        at_least: str | None = None,
        at_most: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        first: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[StoredDocument]:
        """Returns the documents of a collection and, with an operator, checks the list of their ids.

        ``collection`` is recordings (those of all base paths), base paths, unrecognized folders, or a collection's
        name. Filters: a ``field`` (dotted, where it lies deeper) that is ``one_of`` or ``none_of`` some values, lies
        between ``at_least`` and ``at_most``, or between the moments ``since`` and ``until``. ``first`` leaves out all
        but so many.

        | ${documents} =    Get Documents    recordings    field=start_time    since=1 day ago    first=10
        """
        asked = DocumentFilter(field, one_of, none_of, at_least, at_most, since, until)
        found: list[StoredDocument] = checked(
            f"Documents of {collection}",
            lambda: _documents(collection, asked, first),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | _FILTER | {"collection": str})
    def get_document_count(
        self,
        collection: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        field: str | None = None,
        one_of: str | None = None,
        none_of: str | None = None,
        at_least: str | None = None,
        at_most: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many documents a collection holds; collections and filters are those of `Get Documents`.

        | Get Document Count    recordings    ==    0    field=deleted    none_of=true, false
        """
        asked = DocumentFilter(field, one_of, none_of, at_least, at_most, since, until)

        def read() -> int:
            mongo = clients.mongodb()
            return sum(mongo.count(name, asked.condition) for name in catalogue.collections_of(mongo, collection))

        count: int = checked(f"Number of documents of {collection}", read, operator, expected, message, within, during)
        return count

    @keyword(tags=_TAGS, types=CHECK | _FILTER | {"collection": str, "name": str, "first": int})
    def get_document_field(
        self,
        collection: str,
        name: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        field: str | None = None,
        one_of: str | None = None,
        none_of: str | None = None,
        at_least: str | None = None,
        at_most: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        first: int | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field (dotted, where it lies deeper) of the one document, or of each of several, none where it is
        missing. Fails when there is no document. Collections and filters are those of `Get Documents`.

        | Get Document Field    recordings    fiber_metadata.parent.prr    >    0
        """
        asked = DocumentFilter(field, one_of, none_of, at_least, at_most, since, until)

        def read() -> Any:
            values = [value_at(one.content, name) for one in _documents(collection, asked, first)]
            if not values:
                raise AssertionError(f"there is no document of this kind in {collection}")
            return values[0] if len(values) == 1 else ValueOfEach(values)

        return checked(f"{name} of documents of {collection}", read, operator, expected, message, within, during)

    @keyword(tags=_TAGS, types=CHECK | {"collection": str, "field": str})
    def get_repeated_values(
        self,
        collection: str,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Any]:
        """Returns the values of a field that more than one document of a collection has; collections are those of
        `Get Documents`.

        | Get Repeated Values    recordings    uuid    ==    ${EMPTY}
        """

        def read() -> list[Any]:
            mongo = clients.mongodb()
            names = catalogue.collections_of(mongo, collection)
            return [value for name in names for value in mongo.repeated(name, field)]

        values: list[Any] = checked(
            f"Values of {field} that documents of {collection} share", read, operator, expected, message, within, during
        )
        return values

    @keyword(tags=_TAGS, types=CHECK)
    def get_share_of_recognized_folders(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Percent:
        """Returns how many percent of the recording folders were recognized by the indexer.

        | Get Share Of Recognized Folders    >=    80 %
        """

        def read() -> Percent:
            mongo = clients.mongodb()
            recognized = sum(mongo.count(name) for name in mongo.recordings_collections())
            return catalogue.share(recognized, recognized + mongo.unrecognized())

        share: Percent = checked(
            "Share of recording folders that were recognized", read, operator, expected, message, within, during
        )
        return share


def _documents(collection: str, asked: DocumentFilter, first: int | None) -> list[StoredDocument]:
    if first is not None:
        demands.at_least(1, first=first)
    mongo = clients.mongodb()
    found = [
        StoredDocument(str(one["_id"]), name, {key: value for key, value in one.items() if key != "_id"})
        for name in catalogue.collections_of(mongo, collection)
        for one in mongo.documents(name, asked.condition, limit=first or 0)
    ]
    return found[:first]
