*** Settings ***
Documentation     Ids of alerts that are unusual and allowed: they reach exchange, list and exports unchanged.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
An Id In Hebrew Reaches The Operator
    [Tags]    PZ-N960
    Alert Should Reach The Operator    SD    high    1250 m    id_begins=גדר-צפונית

An Id In Hebrew Is Exported
    [Tags]    PZ-N961
    ${alert} =    Send Alert    SC    medium    1250 m    id_begins=גדר-צפונית
    Get Alerts    ==    ${alert.id}    alert=${alert}    source=csv    within=${SITE_DATA.timings.alert_visible_s}
    Get Alerts    ==    ${alert.id}    alert=${alert}    source=json

An Id Of A Thousand Characters Reaches The Operator
    [Tags]    PZ-14948
    [Template]    Alert Should Reach The Operator
    SD    high    1250 m    id_length=1000
    SC    low    1250 m    id_length=1200

An Id That Stands Twice In A Request Is Two Alerts
    [Tags]    PZ-14944
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SD    low    1250 m    copies=2
    Get Alert Count    ==    2    alert=${alert}    source=${queue}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Count    ==    2    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
