*** Settings ***
Documentation     Collections of the recordings database, and where they belong.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
Required Collections Exist
    [Tags]    PZ-13809    smoke    critical
    Required Collections Should Exist

Base Paths Are Unambiguous
    [Tags]    PZ-N113
    Base Paths Should Be Unambiguous

Base Paths Fit The Schema
    [Tags]    PZ-N560
    Documents Should Fit Their Schema    base paths

Each Collection Of Recordings Has Its Base Path
    [Tags]    PZ-N561
    Each Collection Of Recordings Should Have Its Base Path

Unrecognized Folders Fit The Schema
    [Tags]    PZ-N562
    Documents Should Fit Their Schema    unrecognized folders

Unrecognized Folders Lie Below Their Base Path
    [Tags]    PZ-N563
    Unrecognized Folders Should Lie Below Their Base Path
