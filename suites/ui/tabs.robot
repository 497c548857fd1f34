*** Settings ***
Documentation     Tabs of the analysis: order, number, split, full screen.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
Tabs Are Moved
    [Tags]    PZ-8640
    Click    ${UI.analysis.new_tab}
    Click    ${UI.analysis.new_tab}
    Tabs Should Be    Analysis 1    Analysis 2    Analysis 3
    Click    ${UI.analysis.move_left}
    Tabs Should Be    Analysis 1    Analysis 3    Analysis 2
    Choose Tab    Analysis 1
    Click    ${UI.analysis.move_right}
    Tabs Should Be    Analysis 3    Analysis 1    Analysis 2

A Tab Is Moved While Its View Is Loading
    [Tags]    PZ-9039
    Click    ${UI.analysis.new_tab}
    Open View Form
    Fill View Form    channels=11-50    rows=100
    Click    ${UI.analysis.open_view}
    Element Should Not Be Shown    ${UI.analysis.form}
    Click    ${UI.analysis.move_left}
    Tabs Should Be    Analysis 2    Analysis 1
    Start View
    Get Shown View Channels    ==    11-50
    Waterfall Should Go On

Views Of Both Kinds Are Opened On Several Tabs
    [Tags]    PZ-9040
    Open View On Page    channels=11-50    rows=100
    Open View On Page    2    view_type=SingleChannel    channels=25    rows=100
    Click    ${UI.analysis.new_tab}
    Open View On Page    view_type=SingleChannel    channels=61    rows=100
    Open View On Page    2    channels=61-90    rows=100
    Get Shown Row Count    >    20    view=2    within=${SITE_DATA.timings.first_frame_s}
    Waterfall Should Go On    1
    Waterfall Should Go On    2
    Choose Tab    Analysis 1
    Waterfall Should Go On    1

There Are At Most Ten Tabs And Four Views
    [Tags]    PZ-8641
    Open Tabs    10
    Click    ${UI.analysis.new_tab}
    Page Should Say    at most 10 tabs
    Get Element Count    ${UI.analysis.tabs}    ==    10
    Open Views    4
    Click    ${UI.analysis.new_view}
    Page Should Say    at most 4 views
    Get Element Count    ${UI.analysis.form}    ==    0

Two Tabs Are Split And One Is Maximized
    [Tags]    PZ-8696
    Click    ${UI.analysis.new_tab}
    Shown Panels Should Be    1
    Click    ${UI.analysis.split}
    Shown Panels Should Be    2
    Click    ${UI.analysis.maximize}
    Shown Panels Should Be    1
    Click    ${UI.analysis.maximize}
    Shown Panels Should Be    2
    Click    ${UI.analysis.split}
    Shown Panels Should Be    1

The Analysis Fills The Screen
    [Tags]    PZ-9048
    Click    ${UI.analysis.full_screen}
    Get Attribute    ${UI.analysis.full_screen}    aria-pressed    ==    true
    Click    ${UI.analysis.full_screen}
    Get Attribute    ${UI.analysis.full_screen}    aria-pressed    ==    false

The Keyboard Goes From Tab To Tab
    [Tags]    PZ-N1112
    Click    ${UI.analysis.new_tab}
    Choose Tab    Analysis 1
    Press Keys    ${UI.analysis.tablist} >> role=tab[selected=true]    ArrowRight
    Get Text    ${UI.analysis.tablist} >> role=tab[selected=true]    ==    Analysis 2
    Page Should Be Accessible
