*** Settings ***
Documentation     The journal of alerts: order, pages, what arrives meanwhile, review, parts.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    journal
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Journal Is Sorted By Severity And Distance Both Ways
    [Tags]    PZ-9347
    Show Three Different Alerts
    My Alerts Should Be Sorted    Severity    descending    severity    high, medium, low
    My Alerts Should Be Sorted    Severity    ascending    severity    low, medium, high
    My Alerts Should Be Sorted    Distance [m]    ascending    severity    medium, high, low
    My Alerts Should Be Sorted    Distance [m]    descending    severity    low, high, medium

The Journal Is Sorted By Time And Type Both Ways
    [Tags]    PZ-9347
    Show Three Different Alerts
    My Alerts Should Be Sorted    Start    ascending    severity    low, high, medium
    My Alerts Should Be Sorted    Start    descending    severity    medium, high, low
    My Alerts Should Be Sorted    Type    ascending    alert_class    SC, SD, SD
    My Alerts Should Be Sorted    Type    descending    alert_class    SD, SD, SC

An Alert Arrives While The Journal Is Open
    [Tags]    PZ-9343    smoke
    Get Journal Alert Count    ==    0    sent_by=me
    ${alert} =    Publish Alert    SC    high    1250 m
    Get Journal Alerts    ==    ${alert.id}    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}

The Review Of An Alert Is Kept
    [Tags]    PZ-9326
    ${alert} =    Send Alert    SD    high    1250 m
    Get Journal Alert Field    review    ==    new    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Open Details Of    ${alert}
    Review Alert As    confirmed
    Get Journal Alert Field    review    ==    confirmed    alert=${alert}    within=5 s
    Reload
    Get Journal Alert Field    review    ==    confirmed    alert=${alert}    within=5 s

The Journal Has Its Parts And Is Accessible
    [Tags]    PZ-9341
    ${alert} =    Send Alert    SD    high    1250 m
    Get Journal Alert Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Open Details Of    ${alert}
    Get Text    ${UI.details.id}    *=    ${alert.id}
    Get Text    ${UI.details.type}    *=    SD
    Get Text    ${UI.details.severity}    *=    high
    Get Text    ${UI.details.distance}    *=    1250
    Get Text    ${UI.details.status}    *=    open
    Page Should Be Accessible

Alerts At Both Ends Of The Fibre Are Shown
    [Tags]    PZ-9811
    ${begin} =    Send Alert    SD    high    0 m
    ${end} =    Send Alert    SD    high    2222 m
    Get Journal Alert Field    distance    ==    0 m    alert=${begin}    within=${SITE_DATA.timings.alert_visible_s}
    Get Journal Alert Field    distance    ==    2222 m    alert=${end}    within=${SITE_DATA.timings.alert_visible_s}
    Go To View    map
    Get Balloon Field    distance    ==    0 m    alert=${begin}    within=5 s
    Get Balloon Field    distance    ==    2222 m    alert=${end}    within=5 s
