*** Settings ***
Documentation     Historic views of long windows, and many of them. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
The Longest Window Grows With The Display
    [Documentation]    Ten minutes are too much for a display of ten seconds, and not for one of twenty.
    [Tags]    PZ-N913
    Window Longer Than The Display Allows Should Be Refused    ${300}
    ${recording} =    Find Recorded Time    10 minutes
    ${view} =    Open Historic View    ${recording}    channels=1-3    duration=20    height=20
    Every Stream Should Deliver Frames    ${view}    at_least=3

Twenty Historic Views Are Created And Connected
    [Tags]    PZ-N914
    ${load} =    Hold Views    20    duration=5 s    kind=historic
    Get Load Figure    ${load}    opened views    >=    14
    Get Load Figure    ${load}    silent views    ==    0

A Longer Window Is Played For Longer
    [Documentation]    Twice the recorded time gives twice the rows.
    [Tags]    PZ-N915
    ${one} =    Find Recorded Time    2 minutes
    ${other} =    Find Recorded Time    4 minutes
    ${short} =    Open Historic View    ${one}    channels=1-3    height=10
    ${long} =    Open Historic View    ${other}    channels=1-3    height=10
    Playback Should Finish    ${short}
    Get View Field    ${long}    state    ==    running
    Playback Should Finish    ${long}

Historic Views That Are Read All The Time Keep Their Rate
    [Tags]    PZ-N916
    ${load} =    Hold Views    10    duration=15 s    kind=historic
    Get Load Figure    ${load}    silent views    ==    0
    Get Load Figure    ${load}    reconnects    ==    0
    Get Load Figure    ${load}    fairness    >=    70 %
