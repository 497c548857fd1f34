*** Settings ***
Documentation     What the recorder has just stored is known to the server: in its list, in its timeline, to its player.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    historic


*** Test Cases ***
A Window Over Two Recordings Is Played As One
    [Tags]    PZ-12449    regression
    ${seam} =    Find A Seam Between Recordings
    ${view} =    Open Historic View    ${seam}    channels=1-3    nfft=256    height=100
    Rows Should Follow Each Other Inside    ${view}    ${seam}

What Was Stored Last Is Played To Its Last Second
    [Tags]    PZ-12481    regression
    ${recording} =    Find The Last Seconds Stored    at_most=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Rows Should Follow Each Other Inside    ${view}    ${recording}

A Recording Is Listed And Played As Soon As It Is Stored
    [Documentation]    The recorder begins a new recording every five minutes, shortened as the site's timers are.
    [Tags]    PZ-12480    slow
    Wait Until A Recording Is Stored
    Recordings Should Be Listed As MongoDB Holds Them    everything
    Recordings Should Be Listed As MongoDB Holds Them    a running recording
    Timeline Should Name Each Recording
    ${recording} =    Find The Last Seconds Stored    at_most=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Playback Should Finish    ${view}
