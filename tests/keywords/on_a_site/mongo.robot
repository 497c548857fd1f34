*** Settings ***
Documentation     Keywords of the MongoLibrary.

Library           own_site.py
Resource          infrastructure.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site


*** Test Cases ***
The Database Is As Required
    MongoDB Should Answer Within The Site's Limit
    Required Collections Should Exist
    Base Paths Should Be Unambiguous
    Recordings Should Be Indexed By    uuid    unique=True
    Recordings Should Fit The Schema
    Recordings Should Have Complete Metadata
    Recordings Should Be Only    historic    live    deleted
    Most Recordings Should Be    historic

An Index That Nobody Asked For Is Missed
    [Documentation]    FAIL GLOB: Collection * has no index on color; it has _id_*
    Recordings Should Be Indexed By    color

An Index That Is Not Unique Is Told
    [Documentation]    FAIL GLOB: The index on start_time of collection * is not unique.
    Recordings Should Be Indexed By    start_time    unique=True

An Index That Is Missing Is Told
    [Documentation]    FAIL GLOB: Collection * has no index on deleted; it has *
    [Setup]    Turn On    deleted-index-missing
    Recordings Should Be Indexed By    deleted
    [Teardown]    Turn Off    deleted-index-missing

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

Lost Recordings Are Counted
    [Documentation]    FAIL GLOB: 3 of * recordings were lost; * are left.
    ${count} =    Count Recordings
    No Recording Should Be Lost Since    ${count}
    No Recording Should Be Lost Since    ${count + 3}

Recognition Has A Limit
    [Documentation]    FAIL GLOB: * of * recording folders were recognized; at least 101 % must be.
    Most Recording Folders Should Be Recognized
    Most Recording Folders Should Be Recognized    at_least=101
