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
    ${view} =    Open View    time_status=Historic    recording=${recording}    channels=11-109
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
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Playback Should Finish    ${view}

Historic Playback Of Two Seconds Runs To Its End
    [Tags]    PZ-14101
    ${recording} =    Find A Recording    at_least=2 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=200
    Playback Should Finish    ${view}

The Longest Recordings Of The Last Day Can Be Played
    [Tags]    PZ-N800
    ${recordings} =    Get Recordings    state=historic    since=1 day ago    order=longest    first=3
    Each Should Play To Its End    ${recordings}

A Recording Is Played, Completed And Put Away
    [Tags]    PZ-13872
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    nfft=512    height=200
    Playback Should Go Through    ${view}    running    completed
    Metadata Should Match The View    ${view}
    Closed View Should Be Gone    ${view}

A Live And A Historic View Are Read Side By Side
    [Tags]    PZ-12265    smoke
    ${recording} =    Find A Recording    at_least=10 seconds
    ${live} =    Open Live View    channels=1-3    nfft=256
    ${historic} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=200
    VAR    @{views} =    ${live}    ${historic}
    Views Should Not Share Anything    ${views}
    Playback Should Finish    ${historic}
    Every Stream Should Deliver Frames    ${live}    at_least=3
