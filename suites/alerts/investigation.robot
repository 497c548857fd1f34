*** Settings ***
Documentation     One alert followed through the whole site: everything that speaks of it, on one time line.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq    kubernetes    mongodb
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
Every Trace Of An Alert Stands On One Time Line
    [Tags]    PZ-14964
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SD    high    1250 m
    Get Alert Trace Count    ${alert}    ==    1    place=list    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Traces    ${alert}    contains    request, answer, message, log, list    queue=${queue}
    Get Alert Trace Count    ${alert}    ==    1    place=message    queue=${queue}

The Web App Logs That It Sent And Received An Alert
    [Tags]    PZ-N966
    ${alert} =    Send Alert    SC    low    500 m
    Get Log Line Count    ==    2    workload=webapp    containing=${alert.id}    within=10 s
    Get Log Line Count    ==    0    workload=webapp    level=error    containing=${alert.id}

No Document Of The Database Speaks Of An Alert
    [Tags]    PZ-N967
    ${alert} =    Send Alert    SD    medium    1250 m
    Get Alert Trace Count    ${alert}    ==    1    place=list    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Trace Count    ${alert}    ==    0    place=document
