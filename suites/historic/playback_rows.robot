*** Settings ***
Documentation     Which rows a playback brings: those that were recorded, all of them, each once and at its time.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
Every Recorded Row Is Played
    [Tags]    PZ-13867
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    nfft=256    duration=10    height=300
    Rows Should Follow Each Other Inside    ${view}    ${recording}

Rows Of A Single Channel Are Played In The Order Of Their Times
    [Tags]    PZ-13871
    ${recording} =    Find A Recording    at_least=5 seconds
    ${view} =    Open Historic View    ${recording}    channels=7    view_type=SingleChannel    nfft=256
    Rows Should Follow Each Other Inside    ${view}    ${recording}

A Window With A Hole Is Played Around It
    [Tags]    PZ-12717
    ${hole} =    Find A Hole Between Recordings
    ${view} =    Open Historic View    ${hole.window}    channels=1-3    nfft=256    height=100
    Recorded Parts Should Be Played Around    ${hole}    ${view}

A Window Of The Display Time Fills The Display
    [Tags]    PZ-14080
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    nfft=256    duration=10    height=250
    View Should Follow The Formula    ${view}    rows_in_display_time    tolerance=0.000001
    ${readings} =    Read Streams Of View To Their End    ${view}
    Every Stream Should Have Delivered    ${readings}    1
    Get Stream Field    ${readings}    rows    ==    250
    Each Row Should Take The Bytes Of The Formula    ${readings}    ${view}

Two Playbacks Of One Recording Show The Same
    [Tags]    PZ-N760
    ${recording} =    Find A Recording    at_least=5 seconds
    ${one} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100
    ${other} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100
    Two Playbacks Should Show The Same    ${one}    ${other}

Rows Over REST Are Those Of The Stream
    [Documentation]    What is recorded is recorded once: a second view shows over REST what the first one streamed.
    [Tags]    PZ-N760
    ${recording} =    Find A Recording    at_least=5 seconds
    ${one} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100
    ${readings} =    Read Streams Of View To Their End    ${one}
    Every Stream Should Have Delivered    ${readings}    1
    ${other} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100
    Waterfall Should Show What Was Streamed    ${other}    ${readings}

A Deleted Recording Is Not Played
    [Tags]    PZ-N461
    ${recording} =    Find A Deleted Recording    at_least=10 seconds
    View With Times Should Be Refused    ${recording.start}    ${recording.end}    because=no recording
