*** Settings ***
Documentation     Historic views on the page: recordings played to their end, gaps, times, panels that move together.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc    mongodb
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
A Recorded Minute Is Played As MultiChannel
    [Tags]    PZ-9038
    ${recording} =    Find A Recording    at_least=20 seconds
    Open Historic View On Page    ${recording}    channels=11-50    rows=200
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Get Shown View State    ==    ended    within=60 s

A Recorded Channel Is Played As SingleChannel
    [Tags]    PZ-9049
    ${recording} =    Find A Recording    at_least=20 seconds
    Open Historic View On Page    ${recording}    view_type=SingleChannel    channels=25    rows=200
    Part Of View Should Be Shown    spectrum
    Get Shown View State    ==    ended    within=60 s
    Get Shown Row Count    >    10

A Recording Of An Hour Ago Is Played
    [Tags]    PZ-11521
    ${recording} =    Find A Recording Of An Hour Ago
    Open Historic View On Page    ${recording}    channels=11-50    rows=100
    Get Shown View State    ==    ended    within=60 s
    Times Of View Should Lie In    ${recording}

The Window Of A View Is What Its Times Say
    [Tags]    PZ-9523
    ${recording} =    Find A Recording    at_least=12 seconds
    Open Historic View On Page    ${recording}    channels=11-50    rows=100
    Get Shown View State    ==    ended    within=60 s
    Times Of View Should Lie In    ${recording}
    View Should List Its Recordings    recording

A Part Of A Recording Is Shown At Its Own Time
    [Tags]    PZ-9438
    ${recording} =    Find A Recording    at_least=20 seconds
    ${middle} =    Take Middle Of Recording    ${recording}
    Open Historic View On Page    ${middle}    channels=11-50    rows=200
    Whole Time Should Have Been Shown    ${middle}

A Hole Between Recordings Is Named
    [Tags]    PZ-9439
    ${hole} =    Find A Hole Between Recordings
    Open Historic View On Page    ${hole.window}    channels=11-50    rows=200
    View Should List Its Recordings    recording    gap    recording

Historic Views Of A Tab Move Together
    [Tags]    PZ-10761
    ${recording} =    Find A Recording    at_least=30 seconds
    Click    ${UI.analysis.synchronous}
    Open Historic View On Page    ${recording}    channels=11-50    rows=100
    Open Historic View On Page    ${recording}    number=2    channels=61-90    rows=100
    Press In View    pause
    Get Shown View State    ==    paused    view=2    within=5 s
    Get Shown View State    ==    paused    view=1
    Press In View    resume
    Get Shown View State    matches    running|ended    view=2    within=5 s
