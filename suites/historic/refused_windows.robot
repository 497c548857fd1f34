*** Settings ***
Documentation     Windows of time that cannot be played; times are relative to now.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
A Window That Ends Before It Begins Is Refused
    [Tags]    PZ-13869    smoke
    [Template]    Historic View Should Be Refused
    -1 minute    -2 minutes    end_time
    -1 minute    -1 minute    end_time

A Window Needs Both Its Ends
    [Tags]    PZ-13907    smoke
    [Template]    Historic View Should Be Refused
    -2 minutes    ${NONE}    ambiguous
    ${NONE}    -1 minute    ambiguous

A Window In The Future Is Refused
    [Tags]    PZ-13870    smoke
    [Template]    Historic View Should Be Refused
    1 hour    61 minutes    future
    -1 minute    1 minute    future

A Window Without Recordings Is Refused
    [Tags]    PZ-13866    smoke
    Historic View Should Be Refused    -7300 days    -7299 days 23 hours 59 minutes    no recording

A Window Before The Epoch Is Refused
    [Tags]    PZ-13552    smoke
    View With Times Should Be Refused    ${-2000}    ${-1000}    because=negative

A Window Longer Than The Display Allows Is Refused
    [Tags]    PZ-N203
    Historic View Should Be Refused    -2 days    -1 day    displayTimeAxisDuration
