*** Settings ***
Documentation     Alerts that must reach the operator: through the exchange, into the list, unchanged.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
SD Alert Reaches The Operator
    [Tags]    PZ-14933    smoke    critical
    Alert Should Reach The Operator    SD    high    1250 m

SC Alert Reaches The Operator
    [Tags]    PZ-14934    smoke    critical
    Alert Should Reach The Operator    SC    medium    2222 m

SD Alert Of A Browser Reaches The Operator
    [Tags]    PZ-N116
    Alert Should Reach The Operator    SD    low    900 m    login=cookie

Several Alerts At Once Reach The Operator
    [Tags]    PZ-14935
    Alert Should Reach The Operator    SD    medium    1700 m    amount=5

Every Severity Of SD And SC Reaches The Operator
    [Tags]    PZ-14936
    [Template]    Alert Should Reach The Operator
    SD    low    1250 m
    SD    medium    1250 m
    SD    high    1250 m
    SC    low    1250 m
    SC    medium    1250 m
    SC    high    1250 m

An Alert Of An Algorithm Reaches The Operator
    [Tags]    PZ-14937
    ${alert} =    Publish Alert    SC    low    500 m
    Get Alert Field    severity    ==    low    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    alert_class    ==    SC    alert=${alert}
    Get Alert Field    distance    ==    500 m    alert=${alert}
    Get Alert Field    time    >    1 minute ago    alert=${alert}

Every Kind Of Alert Of An Algorithm Reaches The Operator
    [Tags]    PZ-14937
    ${ground} =    Publish Alert    SD    high    500 m    routing_key=Algorithm.AlertReport.MLGround
    ${pulse} =    Publish Alert    SC    medium    500 m    routing_key=Algorithm.AlertReport.Pulse
    ${cut} =    Publish Alert    SC    high    500 m    routing_key=Algorithm.AlertReport.FiberCut
    Get Alert Count    ==    3    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    severity    ==    high    alert=${ground}
    Get Alert Field    severity    ==    medium    alert=${pulse}
    Get Alert Field    severity    ==    high    alert=${cut}

Distances At The Ends Of The Range Are Accepted
    [Tags]    PZ-14945
    [Template]    Alert Should Reach The Operator
    SD    high    0 m
    SD    high    1 m
    SD    high    2221 m
    SD    high    2222 m

The Largest Alert Is Accepted
    [Tags]    PZ-14951
    Alert Should Reach The Operator    SD    high    2222 m    amount=100

The Smallest Alert Is Accepted
    [Tags]    PZ-14952
    Alert Should Reach The Operator    SC    low    1 m
