*** Settings ***
Documentation     The page while a part of the site is away, and afterwards.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc    kubernetes
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    slow    exclusive    disruptive    regression    nightly


*** Test Cases ***
The Page Says That The Connection Is Lost And Recovers
    [Tags]    PZ-9041
    Page Errors May Come    Failed to load resource    WebSocket
    Open View On Page    channels=11-50    rows=100
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Take Down    webapp
    Connection Should Be    lost
    Get Shown View State    ==    lost    within=10 s
    Bring Back    webapp
    Connection Should Be    there
    Get Shown View State    ==    running    within=30 s
    Waterfall Should Go On

The Map Says That The Fibre Is Lost
    [Tags]    PZ-11767
    [Setup]    Open Operator Page    map
    Fibre Should Be    measured
    Take Down    preprocessor
    Fibre Should Be    lost|waiting
    Get Text    ${UI.map.fibre_alert}    *=    fibre
    Bring Back    preprocessor
    Fibre Should Be    measured
