*** Settings ***
Documentation     The filter of the journal: what it keeps, and how it is left.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    journal
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Filter Keeps What Was Asked
    [Tags]    PZ-9348
    ${high} =    Send Alert    SD    high    1250 m
    ${low} =    Send Alert    SD    low    1250 m
    ${other} =    Send Alert    SC    high    1250 m
    Get Journal Alert Count    ==    3    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Hide From Journal    SC    Low    Medium
    Get Journal Alerts    ==    ${high.id}    sent_by=me    within=5 s
    Get Journal Alert Count    ==    0    alert=${low}
    Get Journal Alert Count    ==    0    alert=${other}

A Filter That Is Cancelled Changes Nothing
    [Tags]    PZ-9348
    [Template]    Filter Left By Should Change Nothing
    cancel

A Filter That Is Closed Changes Nothing
    [Tags]    PZ-9348
    [Template]    Filter Left By Should Change Nothing
    close

Dates Without Alerts Show An Empty Journal
    [Tags]    PZ-9556
    Send Alert    SD    high    1250 m
    Get Journal Alert Count    ==    1    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Open Filter
    Fill Filter Times    since=2001-01-01    until=2001-01-02
    Click    ${UI.journal.filter_apply}
    Get Journal Alert Count    ==    0    within=5 s
    Get Text    ${UI.journal.count}    ==    No alerts.
