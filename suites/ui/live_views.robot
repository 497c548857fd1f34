*** Settings ***
Documentation     Live views on the page: opened, started, stopped, changed; what they draw is what the job streams.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
A Live View Is Stopped And Started
    [Tags]    PZ-9375
    Open View On Page    channels=11-50    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Press In View    stop
    Get Shown View State    ==    stopped    within=5 s
    Press In View    start
    Get Shown View State    ==    running    within=${SITE_DATA.timings.first_frame_s}
    Remove Job Of View At End
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}

A Live View Is Paused And Goes On
    [Tags]    PZ-N1110
    Open View On Page    channels=11-50    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Press In View    pause
    Get Shown View State    ==    paused    within=5 s
    Waterfall Should Stand Still
    Press In View    resume
    Get Shown View State    ==    running    within=5 s
    Waterfall Should Go On

A MultiChannel View Shows What Its Job Streams
    [Tags]    PZ-8909    smoke
    Open View On Page    view_type=MultiChannel    channels=11-109    rows=200
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams
    Text Of View Should Be    axis x    channels 11 to 109
    Page Should Be Accessible

A SingleChannel View Shows The Spectrum Of Its Channel
    [Tags]    PZ-8911
    Open View On Page    view_type=SingleChannel    channels=25    rows=200
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams
    Part Of View Should Be Shown    spectrum

A Waterfall View Shows What Its Job Streams
    [Tags]    PZ-9412
    Open View On Page    view_type=Waterfall    channels=11-211    rows=200
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams

A View Of One Sensor Shows It
    [Tags]    PZ-9319
    Open View On Page    view_type=SingleChannel    channels=7    rows=100
    Get Shown View Channels    ==    7-7
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams

The Time Axis Says When The Newest Row Was
    [Tags]    PZ-N1111
    Open View On Page    channels=11-50    rows=200
    Get Shown Row Count    >    10    within=${SITE_DATA.timings.first_frame_s}
    Time Axis Should Be True
