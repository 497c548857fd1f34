*** Settings ***
Documentation     Alerts as the web app sends them: their message, their order, and what becomes of them in the queue.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         messaging    regression    nightly


*** Test Cases ***
An Alert Message Matches The Contract
    [Tags]    PZ-N586    smoke
    [Template]    Alert Message Should Match The Contract
    SD    high    1250
    SC    low    0

The Alerts Of One Request Pass Once And In Order
    [Tags]    PZ-N587
    Alerts Of One Request Should Pass In Order    20

Alerts Sent In A Row Pass Once And In Order
    [Tags]    PZ-14950
    Alerts Sent In A Row Should Pass In Order    50

Consumed Alerts Leave Their Queue
    [Tags]    PZ-N588
    Send Alert    SD    high    1250 m
    Get Queue Field    messages    ==    0    key=Algorithm.AlertReport    within=${SITE_DATA.timings.reconnected_s}
