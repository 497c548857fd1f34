*** Settings ***
Documentation     Alerts while a part of the site is lost: what was confirmed arrives, what was not is reported.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq    kubernetes
Suite Teardown    Close Site

Test Tags         alerts    exclusive    disruptive    regression    nightly


*** Test Cases ***
An Alert Is Refused Clearly While RabbitMQ Is Down
    [Tags]    PZ-14942
    Take Down    rabbitmq
    ${refused} =    Alert Should Be Unavailable    because=RabbitMQ
    Bring Back    rabbitmq
    Web App Should Accept Alerts Again
    Alert Should Reach The Operator    SD    high    1250 m
    Get Alert Count    ==    0    alert=${refused}

Every Alert That Was Confirmed While RabbitMQ Restarts Is Listed
    [Documentation]    In the middle of a load: what was confirmed is not lost, and the others were reported.
    [Tags]    PZ-14942
    ${sender} =    Keep Sending Alerts    senders=8
    Kill Process    rabbitmq
    Workload Should Recover By Itself    rabbitmq
    Every Confirmed Alert Should Be Listed    ${sender}    because=RabbitMQ

Alerts Reach The Operator Without MongoDB
    [Tags]    PZ-N964
    Take Down    mongodb
    Alert Should Reach The Operator    SD    high    1250 m
    Bring Back    mongodb

Alerts That Come While The Web App Is Down Are Listed Afterwards
    [Tags]    PZ-N965
    Take Down    webapp
    ${alert} =    Publish Alert    SC    low    500 m
    Bring Back    webapp
    Get Alert Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.reconnected_s}
    Get Alert Field    distance    ==    500 m    alert=${alert}
