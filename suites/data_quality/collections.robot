*** Settings ***
Documentation     Collections of the recordings database, and where they belong.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
Required Collections Exist
    [Tags]    PZ-13809    smoke    critical
    Get Collections    contains    base_paths
    ${guids} =    Get Base Path Field    guid
    Get Collections    contains    ${guids}    content=recordings

Base Paths Are Unambiguous
    [Tags]    PZ-N113
    Get Repeated Values    base paths    base_path    ==    ${EMPTY}
    Get Repeated Values    base paths    guid    ==    ${EMPTY}

Base Paths Fit The Schema
    [Tags]    PZ-N560
    Documents Should Fit Their Schema    base paths

Each Collection Of Recordings Has Its Base Path
    [Tags]    PZ-N561
    Get Collections    ==    ${EMPTY}    content=recordings    base_path=none
    Get Collections    ==    ${EMPTY}    content=unrecognized folders    base_path=none

Unrecognized Folders Fit The Schema
    [Tags]    PZ-N562
    Documents Should Fit Their Schema    unrecognized folders

Unrecognized Folders Lie Below Their Base Path
    [Tags]    PZ-N563
    Unrecognized Folders Should Lie Below Their Base Path
