*** Settings ***
Documentation     Collections and indexes of the recordings database.

Resource          infrastructure.resource

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

Recordings Are Found By Time And By A Unique Id
    [Tags]    PZ-13810    smoke    critical
    Recordings Should Be Indexed By    start_time
    Recordings Should Be Indexed By    end_time
    Recordings Should Be Indexed By    uuid    unique=True

Deleted Recordings Are Found By Index
    [Tags]    PZ-13686    smoke
    Recordings Should Be Indexed By    deleted
