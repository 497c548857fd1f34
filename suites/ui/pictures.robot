*** Settings ***
Documentation     What the page looks like, against pictures that a person has approved. Data never change: the answers
...               stand in variables/ui/answers.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Form Of The Login
    [Tags]    PZ-N1120
    [Setup]    Open Operator Page    who=nobody
    Picture Should Be Approved    login

The Journal With All Severities And Hebrew
    [Tags]    PZ-N1121
    Show Journal With Answer    alerts
    Picture Should Be Approved    journal

The Journal From Right To Left
    [Tags]    PZ-N1122
    Show Journal With Answer    alerts
    Click    ${UI.page.right_to_left}
    Picture Should Be Approved    journal-right-to-left

The Empty Journal
    [Tags]    PZ-N1123
    Show Journal With Answer    no-alerts
    Picture Should Be Approved    journal-empty

The Filter Of The Journal
    [Tags]    PZ-N1124
    Show Journal With Answer    alerts
    Open Filter
    Picture Should Be Approved    filter

The Map With Balloons And Lines
    [Tags]    PZ-N1125
    Show Map With Answers
    Picture Should Be Approved    map

The Form Of A View With Refusals
    [Tags]    PZ-N1126
    Page Errors May Come    /focus-server/configure
    Open View Form
    Fill View Form    nfft=1000
    Click    ${UI.analysis.open_view}
    Text Beside Field Should Be Shown    nfft
    Picture Should Be Approved    form-refused

The Waterfall Of Saved Data
    [Tags]    PZ-N1127
    Load Data    ${SAVED VIEW}
    Get Shown View State    ==    loaded    within=10 s
    Picture Should Be Approved    waterfall

Tabs Beside Each Other
    [Tags]    PZ-N1128
    Click    ${UI.analysis.new_tab}
    Click    ${UI.analysis.split}
    Picture Should Be Approved    split

The Templates
    [Tags]    PZ-N1129
    Click    ${UI.templates.open}
    Element Should Be Shown    ${UI.templates.dialog}
    Picture Should Be Approved    templates
