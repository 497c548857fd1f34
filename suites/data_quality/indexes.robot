*** Settings ***
Documentation     Indexes of the recordings, and that they are used.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
Recordings Are Found By Time And By A Unique Id
    [Tags]    PZ-13810    smoke    critical
    Get Collection Field    indexed_by    contains    start_time, end_time    content=recordings
    Get Collection Field    unique_by    contains    uuid    content=recordings

Deleted Recordings Are Found By Index
    [Tags]    PZ-13686    smoke
    Get Collection Field    indexed_by    contains    deleted    content=recordings

Collections Are As The Contract Has Them
    [Tags]    PZ-N1071
    Collections Should Be Those Of The Contract

Usual Queries Use Their Index
    [Tags]    PZ-N564
    [Template]    Get Query Plan Field
    recordings that begin in a range    indexed_by    ==    start_time
    recordings that end in a range    indexed_by    ==    end_time
    one recording by its uuid    indexed_by    ==    uuid

The Recordings Of The Last Hour Are Found By Their Start
    [Tags]    PZ-N801
    Get Query Plan Field    recordings of the last hour    indexed_by    ==    start_time
    Get Query Plan Field    recordings of the last hour    stages    not contains    COLLSCAN
    Get Query Plan Field    recordings of the last hour    needless_documents    ==    0

The Query For Deleted Recordings Uses Its Index
    [Tags]    PZ-N574
    Get Query Plan Field    deleted recordings    indexed_by    ==    deleted
