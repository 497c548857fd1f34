*** Settings ***
Documentation     A live view from the request to the frames on the screen.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Live View Of The Usual Channels Answers What Was Asked
    [Tags]    PZ-13873    smoke    critical
    ${view} =    Open View
    ...    time_status=Live
    ...    view_type=MultiChannel
    ...    channels=11-109
    ...    nfft=1024
    ...    frequency=0-1000 Hz
    View Should Answer What Was Asked    ${view}

Live View Runs And Every Stream Delivers Frames
    [Tags]    PZ-15200    smoke    critical
    ${view} =    Open Live View
    Get View Field    ${view}    state    matches    waiting|running
    View Should Be Running    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=3

A Live View Waits And Then Runs
    [Tags]    PZ-N456    smoke
    ${view} =    Open Live View    channels=1-3
    States Of View Should Be    ${view}    waiting    running

Configure, Metadata And Stream Describe The Same View
    [Tags]    PZ-13570    smoke
    ${view} =    Open Live View    channels=5-12    nfft=512    frequency=0-500 Hz
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=3
    View Should Be Running    ${view}

Amplitudes Of An Investigation Are Valid
    [Tags]    PZ-15201
    ${view} =    Open Live View    channels=11-40    nfft=2048    frequency=100-900 Hz
    Every Stream Should Deliver Frames    ${view}    at_least=3

A Closed View Is Gone
    [Tags]    PZ-N202    smoke
    ${view} =    Open Live View    channels=1-3
    Closed View Should Be Gone    ${view}

Frequencies Begin Where They Were Asked To Begin
    [Tags]    PZ-14100
    ${view} =    Open Live View    channels=1-8    frequency=100-500 Hz
    View Should Answer What Was Asked    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=1
