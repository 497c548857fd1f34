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
    Get Alert Field    severity    ==    high    alert=${alert}    source=json

The Place Of An Alert Is The Same In List, Message And Exports
    [Tags]    PZ-N968
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SC    low    2222 m
    Get Alert Field    distance    ==    2222 m    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    distance    ==    2222 m    alert=${alert}    source=${queue}
    Get Alert Field    distance    ==    2222 m    alert=${alert}    source=csv
    Get Alert Field    distance    ==    2222 m    alert=${alert}    source=json

The List Is Sorted By Severity, Then By Time
    [Tags]    PZ-N817
    Send Alert    SD    high    1250 m
    Send Alert    SD    low    1250 m
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    severity    ==    high, low    order=severity    sent_by=me
    Get Alert Field    severity    ==    low, high    order=time    sent_by=me

Only Alerts Of The Time That Is Asked For Are Listed
    [Tags]    PZ-N969
    ${old} =    Publish Alert    SD    low    1250 m    begun=2 hours ago
    ${new} =    Send Alert    SD    low    1250 m
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alerts    ==    ${old}    sent_by=me    until=1 hour ago
    Get Alerts    ==    ${new}    sent_by=me    since=1 hour ago
    Get Alert Count    ==    0    sent_by=me    since=90 minutes ago    until=1 hour ago

An Alert Is Listed In Its Regions And In No Other
    [Tags]    PZ-N970
    ${alert} =    Send Alert    SD    high    1250 m
    Get Alert Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Alert Should Be Listed In Its Regions Only    ${alert}

An Alert Is Closed After Its Time
    [Tags]    PZ-N971
    ${alert} =    Publish Alert    SC    low    500 m    closes_in=8 s
    Get Alert Field    state    ==    open    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    ${answer} =    Ask Web App    GET    alert/get-alert-status?alertIds=${alert.id}
    Get Answer Field    ${answer}    open    ==    1
    Get Alert Field    state    ==    closed    alert=${alert}    within=20 s
    ${answer} =    Ask Web App    GET    alert/get-alert-status?alertIds=${alert.id}
    Get Answer Field    ${answer}    closed    ==    1
    Get Alert Count    ==    1    alert=${alert}    state=closed
    Get Alert Count    ==    0    alert=${alert}    state=open

A New Alert Is Open For The Time That The Site Names
    [Tags]    PZ-N972
    ${alert} =    Send Alert    SD    high    1250 m
    Get Alert Field    state    ==    open    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    length    ==    ${SITE_DATA.timings.alert_closed_s}    alert=${alert}
    Get Alert Count    ==    1    alert=${alert}    state=open

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
