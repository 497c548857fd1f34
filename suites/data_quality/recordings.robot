*** Settings ***
Documentation     What the recordings look like and what they are.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
Every Recording Is Historic, Live Or Deleted
    [Tags]    PZ-13705    smoke    critical
    Recordings Should Be Only    historic    live    deleted

There Are Historic And Live Recordings
    [Tags]    PZ-13705
    Get Recording Count    >    0    state=historic
    Get Recording Count    >    0    state=live    within=5 s

Most Recordings Are Historic
    [Tags]    PZ-13705
    Get Recording Share    >    50 %    state=historic

Deleted Recordings Are Marked By True Or False
    [Tags]    PZ-N565
    Get Documents    recordings    ==    ${EMPTY}    field=deleted    none_of=true, false

Recordings Fit The Schema
    [Tags]    PZ-13811    smoke
    Documents Should Fit Their Schema    recordings

Recordings Have Complete Metadata
    [Tags]    PZ-13812
    Documents Should Fit Their Schema    metadata

Most Recording Folders Are Recognized
    [Tags]    PZ-N114
    Get Share Of Recognized Folders    >=    80 %
