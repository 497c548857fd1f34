*** Settings ***
Documentation     The operator's list of alerts: its order, and that list, export and exchange agree.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
The Severity Of An Alert Is The Same In List, Message And Export
    [Tags]    PZ-N816
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SD    high    1250 m
    Get Alert Field    severity    ==    high    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    severity    ==    high    alert=${alert}    source=${queue}
    Get Alert Field    severity    ==    high    alert=${alert}    source=csv

The List Is Sorted By Severity, Then By Time
    [Tags]    PZ-N817
    Send Alert    SD    high    1250 m
    Send Alert    SD    low    1250 m
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    severity    ==    high, low    order=severity    sent_by=me
    Get Alert Field    severity    ==    low, high    order=time    sent_by=me

A Viewer Sees An Alert And Cannot Delete It
    [Tags]    PZ-N822
    ${alert} =    Send Alert    SD    low    1250 m
    Get Alert Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    ${answer} =    Ask Web App    GET    alert    who=viewer
    Get Answer Field    ${answer}    alertsCount    >=    1
    ${answer} =    Ask Web App    DELETE    alert/delete    {"alertIds": ["${alert.id}"]}    who=viewer
    Get Answer Status    ${answer}    ==    403
    Get Alert Count    ==    1    alert=${alert}

A Severity That Is Asked For Is All That Is Listed
    [Tags]    PZ-N820
    Send Alert    SC    high    500 m
    Send Alert    SC    low    500 m
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    severity    ==    high    severity=high    since=1 hour ago
