*** Settings ***
Documentation     Live views that are changed while they run, copied and refused.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Form Says Beside The Field What The Server Refuses
    [Tags]    PZ-9043
    [Template]    Form Should Refuse
    nfft    power    nfft=1000
    high    1000    frequency=0-1500 Hz
    last    channel    channels=100-50
    first    channel    channels=-5-50
    rows    positive    rows=0

The Frequencies Of The Form Are Those Of The View
    [Tags]    PZ-9435
    Open View On Page    view_type=SingleChannel    channels=25    frequency=100-400 Hz    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Frequencies Of View Should Lie Between    100    400
    Waterfall Should Show Its Streams

Frequencies Are Changed While The View Runs
    [Tags]    PZ-9436
    Open View On Page    view_type=SingleChannel    channels=25    frequency=0-1000 Hz    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Change View On Page    frequency=200-500 Hz
    Frequencies Of View Should Lie Between    200    500
    Waterfall Should Show Its Streams

Channels Are Changed While The View Runs
    [Tags]    PZ-9437
    Open View On Page    channels=11-50    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Change View On Page    channels=61-90
    Get Shown View Channels    ==    61-90    within=5 s
    Text Of View Should Be    axis x    channels 61 to 90
    Waterfall Should Show Its Streams

A View Is Edited Into Another Type
    [Tags]    PZ-8959
    Open View On Page    channels=11-50    rows=100
    Change View On Page    view_type=Waterfall    channels=11-70
    Start View
    Get Shown View Channels    ==    11-70    within=5 s
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams

A View Is Duplicated
    [Tags]    PZ-8976
    Open View On Page    channels=11-50    rows=100
    Press In View    duplicate
    Start View    2
    Get Shown View Channels    ==    11-50    view=2
    Get Shown Row Count    >    5    view=2    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Show Its Streams    view=2
    Get Shown View State    ==    running    view=1
