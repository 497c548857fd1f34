*** Settings ***
Documentation     Keywords of the MongoLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Database Is As Required
    Get Query Time    ping    <=    ${SITE_DATA.timings.mongodb_ping_ms} ms
    Get Query Time    recordings of a day    <=    ${SITE_DATA.timings.query_range_s} s
    Get MongoDB Field    clock_difference    <=    ${SITE_DATA.timings.clock_difference_s} s
    Get MongoDB Field    connections    >    0
    Unrecognized Folders Should Lie Below Their Base Path

Base Paths Are Known
    ${path} =    Get Storage Path
    ${places} =    Get Base Paths    ==    ${path}    archive=no
    Should Be Equal    ${places[0].path}    ${path}
    Get Base Paths    ==    ${EMPTY}    archive=yes
    Get Base Path Field    live_recordings    ==    1    within=5 s

Collections Are Known
    ${guid} =    Get Base Path Field    guid
    Get Collections    ==    ${guid}    content=recordings
    Get Collections    contains    base_paths, ${guid}
    Get Collection Field    unique_by    ==    uuid    content=recordings
    Get Collection Field    documents    >    100    content=recordings
    Get Indexes    contains    uuid_1, start_time_1
    Get Indexes    ==    _id_    collection=base paths

A Field That A Collection Does Not Have Is Refused
    [Documentation]    FAIL A collection of this content has no field 'size'; use one of name, content, base_path, \
    ...    documents, indexed_by, unique_by.
    Get Collection Field    size    >    0    content=recordings

Queries Use Their Index
    Get Query Plan Field    recordings of the last hour    indexed by    ==    start_time
    Get Query Plan Field    one recording by its uuid    returned    ==    1
    ${plans} =    Get Query Plans    deleted recordings
    Should Be Equal    ${plans[0].indexed_by}[0]    deleted

A Query Without Its Index Is Reported
    [Documentation]    FAIL indexed_by of the plan of 'recordings of the last hour': '[]' (list) should be \
    ...    '['start_time']' (list)
    [Setup]    Turn On    start-index-missing
    Get Query Plan Field    recordings that end in a range    indexed_by    ==    end_time
    Get Query Plan Field    recordings of the last hour    indexed_by    ==    start_time
    [Teardown]    Turn Off    start-index-missing

An Index That Is Not Unique Is Reported
    [Documentation]    FAIL unique_by of collections: '['uuid']' (list) should contain 'start_time' (str)
    Get Collection Field    unique_by    contains    uuid    content=recordings
    Get Collection Field    unique_by    contains    start_time    content=recordings

Documents Are Filtered
    ${all} =    Get Document Count    recordings    >    100
    Get Document Count    recordings    ==    ${all}    field=deleted    one_of=true, false
    Get Document Count    recordings    <    ${all}    field=start_time    since=1 week ago
    Get Document Field    recordings    fiber_metadata.parent.prr    >    0    first=3
    Get Documents    base paths    ==    ${EMPTY}    field=base_path    one_of=/nowhere
    Get Repeated Values    recordings    uuid    ==    ${EMPTY}

A Flag That Is A Text Is Found
    [Documentation]    FAIL Number of documents of recordings: '1' (int) should be '0' (int)
    [Setup]    Turn On    deleted-as-text
    Get Document Count    recordings    ==    0    field=deleted    none_of=true, false
    [Teardown]    Turn Off    deleted-as-text

A Filter Without A Field Is Refused
    [Documentation]    FAIL GLOB: A filter of documents is a field with what it has to be, like field=deleted*
    Get Document Count    recordings    ==    0    one_of=true

Recordings Are Filtered And Ordered
    ${recordings} =    Get Recordings    state=historic    since=1 week ago    order=longest    first=3
    Length Should Be    ${recordings}    3
    Get Recording Field    length    <=    ${recordings[0].length}    state=historic    since=1 week ago
    Get Recording Field    state    ==    historic    uuid=${recordings[1].uuid}
    Get Recording Count    >    0    at_least=20 minutes    state=historic
    Get Recording Share    >    50 %    state=historic
    Get Share Of Recognized Folders    >=    80 %

What Does Not Come True Is Reported With What Was Seen Last
    [Documentation]    FAIL GLOB: Number of recordings: waited 0.5 s, * tries, last seen: '*' (int) should be '0' (int).
    Get Recording Count    ==    0    within=0.5 s

The Recordings Are As Required
    Documents Should Fit Their Schema    base paths
    Documents Should Fit Their Schema    unrecognized folders
    Documents Should Fit Their Schema    recordings
    Documents Should Fit Their Schema    metadata
    Deleted Recordings Should Not Be Listed

The Recordings Can Be True
    Recordings Should Be Only    historic    live    deleted
    Get Recordings    ==    ${EMPTY}    at_most=0 s
    Recordings Should Not Overlap
    Recordings Should Not Lie In The Future

A Recording That Ends Before It Begins Is Named
    [Documentation]    FAIL GLOB: Recordings: '*-*-*' (list) should be '*' (list)
    [Setup]    Turn On    end-before-start
    Get Recordings    ==    ${EMPTY}    at_most=0 s
    [Teardown]    Turn Off    end-before-start

A Recording Of Another Class Is Named
    [Documentation]    FAIL GLOB: * of * recordings are not historic, live: * is deleted*
    Recordings Should Be Only    historic    live

An Orphan Is Named
    [Documentation]    FAIL GLOB: 1 of * recordings are not historic, live, deleted: * is orphan.
    [Setup]    Turn On    recording-without-start
    Recordings Should Be Only    historic    live    deleted
    [Teardown]    Turn Off    recording-without-start

Both Schemas Refuse What Is Wrong
    [Documentation]    FAIL GLOB: 1 recordings do not fit the schema:\n- *: deleted is 'false' but should be *boolean
    [Setup]    Turn On    deleted-as-text
    Documents Should Fit Their Schema    metadata
    Documents Should Fit Their Schema    recordings
    [Teardown]    Turn Off    deleted-as-text

Missing Metadata Are Named
    [Documentation]    FAIL GLOB: 1 metadata do not fit the schema:\n- *: *.prr is missing, *.dx is missing
    [Setup]    Turn On    metadata-missing
    Documents Should Fit Their Schema    recordings
    Documents Should Fit Their Schema    metadata
    [Teardown]    Turn Off    metadata-missing

A Path Without Recordings Is Named
    [Documentation]    FAIL GLOB: Collections: '*' (list) should contain '*' (str)
    [Setup]    Turn On    base-path-doubled
    ${guids} =    Get Base Path Field    guid
    Get Collections    contains    ${guids}    content=recordings
    [Teardown]    Turn Off    base-path-doubled

Another Path Than The Focus Server's Is Named
    [Documentation]    FAIL GLOB: Base paths: '*/segy*' (list) should contain '/*/recordings' (str)
    [Setup]    Turn On    base-path-moved
    ${path} =    Get Storage Path
    Get Base Paths    contains    ${path}    archive=no
    [Teardown]    Turn Off    base-path-moved

Two Live Recordings Are Counted
    [Documentation]    FAIL GLOB: live_recordings of base paths: waited 1 s, * tries, last seen: '2' *
    [Setup]    Turn On    recording-stuck
    Get Base Path Field    live_recordings    ==    1    within=1 s
    [Teardown]    Turn Off    recording-stuck

A Deleted Recording That Is Listed Is Named
    [Documentation]    FAIL GLOB: 20 of 20 deleted recordings are listed:\n- *-* is deleted\n*
    [Setup]    Turn On    recordings-include-deleted
    Deleted Recordings Should Not Be Listed
    [Teardown]    Turn Off    recordings-include-deleted

Connections That Stay Open Are Counted
    [Documentation]    FAIL GLOB: No connection to MongoDB is left open: * connections, * before 6 requests.
    [Setup]    Turn On    mongo-connection-leak
    Asking For Recordings Should Leave No Connection Open    requests=6
    [Teardown]    Turn Off    mongo-connection-leak

Lost Recordings Are Counted
    [Documentation]    FAIL GLOB: 3 of * recordings were lost; * are left.
    ${count} =    Get Recording Count
    No Recording Should Be Lost Since    ${count}
    No Recording Should Be Lost Since    ${count + 3}

Recognition Has A Limit
    [Documentation]    FAIL GLOB: Share of recording folders that were recognized: '9* %' * should be * '100 %' *
    Get Share Of Recognized Folders    >=    100 %
