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

Usual Questions Are Answered By Index
    [Tags]    PZ-N564
    [Template]    Question Should Be Answered By Index
    recordings that begin in a range
    recordings that end in a range
    one recording by its uuid

The Question For Deleted Recordings Is Answered By Index
    [Tags]    PZ-N574
    Question Should Be Answered By Index    deleted recordings
