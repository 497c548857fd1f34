*** Settings ***
Documentation     Whether the recordings can be true: each once, in order of time, none before it happened.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
No Recording Is Stored Twice
    [Tags]    PZ-N566
    Get Repeated Values    recordings    uuid    ==    ${EMPTY}

Each Recording Ends After It Began
    [Tags]    PZ-N567
    Get Recordings    ==    ${EMPTY}    at_most=0 s

Recordings Do Not Overlap
    [Tags]    PZ-N568
    Recordings Should Not Overlap

No Recording Lies In The Future
    [Tags]    PZ-N569
    Recordings Should Not Lie In The Future
