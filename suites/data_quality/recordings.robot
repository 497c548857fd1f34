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
    Recordings Should Be Of Each    historic    live

Most Recordings Are Historic
    [Tags]    PZ-13705
    Most Recordings Should Be    historic

Deleted Recordings Are Marked By True Or False
    [Tags]    PZ-N565
    Deleted Flags Should Be True Or False

Recordings Fit The Schema
    [Tags]    PZ-13811    smoke
    Recordings Should Fit The Schema

Recordings Have Complete Metadata
    [Tags]    PZ-13812
    Recordings Should Have Complete Metadata

Most Recording Folders Are Recognized
    [Tags]    PZ-N114
    Most Recording Folders Should Be Recognized
