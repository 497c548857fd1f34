*** Settings ***
Documentation     Recordings are played to their end.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
Historic View Answers What Was Asked
    [Tags]    PZ-13548    smoke
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=11-109
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}

Historic Playback Runs To Its End
    [Tags]    PZ-15249    smoke    critical
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    height=200
    Playback Should Finish    ${view}

Waterfall Of A Historic View Shows Rows Until It Is Over
    [Tags]    PZ-13868
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    height=200
    Waterfall Should Show Rows Until It Is Over    ${view}

Historic Playback Of One Recorded Minute Runs To Its End
    [Tags]    PZ-13865
    ${recording} =    Find A Recording    at_least=1 minute
    ${view} =    Open Historic View    ${recording}    channels=1-8    height=100
    Playback Should Finish    ${view}
