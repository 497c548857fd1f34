*** Settings ***
Documentation     Time limits of the servers. Exclusive: other tests would share the time that is measured.

Resource          focus.resource

Suite Setup       Open Site    mongodb    rabbitmq
Suite Teardown    Close Site

Test Tags         connectivity    exclusive    regression    nightly


*** Test Cases ***
MongoDB Answers A Ping Within The Site's Limit
    [Tags]    PZ-13808
    Get Query Time    ping    <=    ${SITE_DATA.timings.mongodb_ping_ms} ms

RabbitMQ Confirms Messages Within Its Limits
    [Tags]    PZ-14963
    Messages Should Be Confirmed Quickly
