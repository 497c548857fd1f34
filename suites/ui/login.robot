*** Settings ***
Documentation     Signing in and out, and what a viewer may not do.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    who=nobody
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
A User Signs In
    [Tags]    PZ-N1100    smoke    critical
    Sign In With Form
    Page Should Be Drawn    map
    Page Should Be Of User    admin

A Wrong Password Is Refused
    [Tags]    PZ-N1101
    Expect Page Error    401
    Sign In With Form    viewer    password=wrong
    Sign In Should Be Refused    wrong

After Signing Out The Page Is Closed To The Back Button
    [Tags]    PZ-N1102
    Sign In With Form
    Page Should Be Drawn    map
    Go To View    journal
    Sign Out
    Go Back
    Page Should Be Drawn    login

A Viewer May Look And Not Change
    [Tags]    PZ-N1103
    [Setup]    Open Operator Page    journal    who=viewer
    ${alert} =    Send Alert    SD    high    1250 m
    Get Journal Alert Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Page Should Be Of User    viewer
    Open Details Of    ${alert}
    Element Should Be Locked    ${UI.details.review}
    Element Should Be Locked    ${UI.details.save_note}

The Form Is Accessible
    [Tags]    PZ-N1104
    Page Should Be Accessible
