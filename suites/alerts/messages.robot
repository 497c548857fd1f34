*** Settings ***
Documentation     Alerts as the web app sends them: their message, their order, and what becomes of them in the queue.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
An Alert Message Matches The Contract
    [Tags]    PZ-N586    smoke
    [Template]    Alert Message Should Match The Contract
    SD    high    1250
    SC    low    0

The Alerts Of One Request Pass Once And In Order
    [Tags]    PZ-N587
    ${queue} =    Bind Private Queue
    ${alerts} =    Send Alerts    20    SD    low    1250 m
    Get Alerts    ==    ${alerts}    sent_by=me    source=${queue}    within=${SITE_DATA.timings.alert_visible_s}

Alerts Sent In A Row Pass Once And In Order
    [Tags]    PZ-14950
    ${queue} =    Bind Private Queue
    ${alerts} =    Send Alerts In A Row    50    SD    low    1250 m
    Get Alerts    ==    ${alerts}    sent_by=me    source=${queue}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Count    ==    50    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}

Alerts Sent At Once From One Place All Arrive
    [Tags]    PZ-14949
    ${queue} =    Bind Private Queue
    Send Alerts At Once    10    SD    low    1250 m
    Get Alert Count    ==    10    sent_by=me    source=${queue}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Count    ==    10    sent_by=me    distance=1250 m    within=${SITE_DATA.timings.alert_visible_s}

Consumed Alerts Leave Their Queue
    [Tags]    PZ-N588
    Send Alert    SD    high    1250 m
    Get Queue Field    messages    ==    0    key=Algorithm.AlertReport    within=${SITE_DATA.timings.reconnected_s}
