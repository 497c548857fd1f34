*** Settings ***
Documentation     Keywords of the MongoLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Database Is As Required
    MongoDB Should Answer Within The Site's Limit
    Required Collections Should Exist
    Base Paths Should Be Unambiguous
    Storage Path Should Be A Base Path
    Each Collection Of Recordings Should Have Its Base Path
    Unrecognized Folders Should Lie Below Their Base Path
    Recordings Should Be Indexed By    uuid    unique=True
    Query Should Use Its Index    recordings that begin in a range
    Query Should Be Answered In Time    recordings of a day

The Recordings Are As Required
    Documents Should Fit Their Schema    base paths
    Documents Should Fit Their Schema    unrecognized folders
    Recordings Should Fit The Schema
    Recordings Should Have Complete Metadata
    Deleted Recordings Should Not Be Listed

The Recordings Can Be True
    Recordings Should Be Only    historic    live    deleted
    Most Recordings Should Be    historic
    Deleted Flags Should Be True Or False
    Recordings Should Be Stored Once
    Recordings Should End After They Began
    Recordings Should Not Overlap
    Recordings Should Not Lie In The Future
    One Recording Should Be Live

An Index That Nobody Asked For Is Missed
    [Documentation]    FAIL GLOB: Collection * has no index on color; it has _id_*
    Recordings Should Be Indexed By    color

An Index That Is Not Unique Is Reported
    [Documentation]    FAIL GLOB: The index on start_time of collection * is not unique.
    Recordings Should Be Indexed By    start_time    unique=True

An Index That Is Missing Is Reported
    [Documentation]    FAIL GLOB: Collection * has no index on deleted; it has *
    [Setup]    Turn On    deleted-index-missing
    Recordings Should Be Indexed By    deleted
    [Teardown]    Turn Off    deleted-index-missing

A Query Without Its Index Is Reported
    [Documentation]    FAIL GLOB: Collection * answers 'recordings that begin *' by *, not by an index on *_time.
    [Setup]    Turn On    start-index-missing
    Query Should Use Its Index    recordings that end in a range
    Query Should Use Its Index    recordings that begin in a range
    [Teardown]    Turn Off    start-index-missing

A Recording Of Another Class Is Named
    [Documentation]    FAIL GLOB: * of * recordings are not historic, live: * is deleted*
    Recordings Should Be Only    historic    live

A Class Without Recordings Is Named
    [Documentation]    FAIL GLOB: There is no orphan recording; there are *
    Recordings Should Be Of Each    historic    orphan

Few Recordings Of A Class Are Not Most
    [Documentation]    FAIL GLOB: Only * of * recordings are live: *
    Most Recordings Should Be    live

An Orphan Is Named
    [Documentation]    FAIL GLOB: 1 of * recordings are not historic, live, deleted: * is orphan.
    [Setup]    Turn On    recording-without-start
    Recordings Should Be Only    historic    live    deleted
    [Teardown]    Turn Off    recording-without-start

Both Schemas Refuse What Is Wrong
    [Documentation]    FAIL GLOB: 1 recordings do not fit the schema:\n- *: deleted is 'false' but should be *boolean
    [Setup]    Turn On    deleted-as-text
    Recordings Should Have Complete Metadata
    Recordings Should Fit The Schema
    [Teardown]    Turn Off    deleted-as-text

Missing Metadata Are Named
    [Documentation]    FAIL GLOB: 1 metadata do not fit the schema:\n- *: *.prr is missing, *.dx is missing
    [Setup]    Turn On    metadata-missing
    Recordings Should Fit The Schema
    Recordings Should Have Complete Metadata
    [Teardown]    Turn Off    metadata-missing

A Path Without Recordings Is Named
    [Documentation]    FAIL GLOB: Collections of recordings are missing: * of /prisma/root/recordings.
    [Setup]    Turn On    base-path-doubled
    Required Collections Should Exist
    [Teardown]    Turn Off    base-path-doubled

Another Path Than The Focus Server's Is Named
    [Documentation]    FAIL GLOB: The Focus Server looks for recordings in */recordings; MongoDB has base paths /*/segy.
    [Setup]    Turn On    base-path-moved
    Storage Path Should Be A Base Path
    [Teardown]    Turn Off    base-path-moved

Two Live Recordings Are Named
    [Documentation]    FAIL GLOB: One recording is live: waited 5 s, * for * s, * for * s; one, for at most *
    [Setup]    Turn On    recording-stuck
    One Recording Should Be Live
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
    ${count} =    Count Recordings
    No Recording Should Be Lost Since    ${count}
    No Recording Should Be Lost Since    ${count + 3}

Recognition Has A Limit
    [Documentation]    FAIL GLOB: * of * recording folders were recognized; at least 100 % must be.
    Most Recording Folders Should Be Recognized
    Most Recording Folders Should Be Recognized    at_least=100
