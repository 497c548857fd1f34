*** Settings ***
Documentation     Alerts that the operator sees: in the journal with their colours, open and closed.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp    rabbitmq
Suite Teardown    Close Site
Test Setup        Open Operator Page    journal
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
Every Severity Of SC Is Shown In Its Colour
    [Tags]    PZ-9360
    [Template]    Alert Should Be In The Journal
    SC    low    1250 m    white
    SC    medium    1250 m    yellow
    SC    high    1250 m    red

Every Severity Of SD Is Shown In Its Colour
    [Tags]    PZ-9360
    [Template]    Alert Should Be In The Journal
    SD    low    1250 m    white
    SD    medium    1250 m    yellow
    SD    high    1250 m    red

An Alert Is Open Until Its End And Closed Afterwards
    [Tags]    PZ-9352
    ${alert} =    Publish Alert    SD    medium    1250 m    closes_in=12 s
    Get Journal Alert Field    status    ==    open    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Journal Alert Field    status    ==    closed    alert=${alert}    within=20 s
