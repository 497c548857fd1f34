*** Settings ***
Documentation     A live view from the request to the frames on the screen.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Live View Of The Usual Channels Answers What Was Asked
    [Tags]    PZ-13873    smoke    critical
    ${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
    View Should Answer What Was Asked    ${view}

Live View Runs And Every Stream Delivers Frames
    [Tags]    PZ-15200    smoke    critical
    ${view} =    Open Live View
    View Should Be Waiting Or Running    ${view}
    View Should Be Running    ${view}
    Every Stream Should Deliver Frames    ${view}    at least=3

Waterfall Of A Live View Shows Its Channels
    [Tags]    PZ-14755    smoke
    ${view} =    Open Live View    channels=1-50    frequency=0-500 Hz
    Waterfall Should Show The View    ${view}    rows=40

Metadata Of A View Are Readable At Once And Repeat It
    [Tags]    PZ-14760    smoke
    ${view} =    Open Live View    channels=1-8    nfft=512    frequency=0-500 Hz
    Metadata Should Match The View    ${view}

A Closed View Is Gone
    [Tags]    PZ-N202    smoke
    ${view} =    Open Live View    channels=1-3
    Closed View Should Be Gone    ${view}

Two Views Have Different Jobs And Ports
    [Tags]    PZ-13565
    ${one} =    Open Live View    channels=1-3
    ${other} =    Open Live View    channels=1-3
    Should Not Be Equal    ${one.job_id}    ${other.job_id}
    Should Not Be Equal    ${one.answer.stream_port}    ${other.answer.stream_port}

The Number Of Rows Asked For Is Above Zero
    [Tags]    PZ-14758
    ${view} =    Open Live View    channels=1-3
    Waterfall Should Be Answered    ${view.job_id}    0    status=400
    Waterfall Should Be Answered    ${view.job_id}    -1    status=400
    Waterfall Should Be Answered    ${view.job_id}    -10    status=400

Frequencies Begin Where They Were Asked To Begin
    [Tags]    PZ-14100
    ${view} =    Open Live View    channels=1-8    frequency=100-500 Hz
    View Should Answer What Was Asked    ${view}
