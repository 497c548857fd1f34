*** Settings ***
Documentation     Indexes of the recordings, and that they are used.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
Recordings Are Found By Time And By A Unique Id
    [Tags]    PZ-13810    smoke    critical
    Recordings Should Be Indexed By    start_time
    Recordings Should Be Indexed By    end_time
    Recordings Should Be Indexed By    uuid    unique=True

Deleted Recordings Are Found By Index
    [Tags]    PZ-13686    smoke
    Recordings Should Be Indexed By    deleted

Usual Queries Use Their Index
    [Tags]    PZ-N564
    [Template]    Query Should Use Its Index
    recordings that begin in a range
    recordings that end in a range
    one recording by its uuid

The Query For Deleted Recordings Uses Its Index
    [Tags]    PZ-N574
    Query Should Use Its Index    deleted recordings
