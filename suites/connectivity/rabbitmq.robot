*** Settings ***
Documentation     RabbitMQ lets in whom it must, and nobody else: over AMQP, over TLS, and at its management API.

Resource          focus.resource

Suite Setup       Open Site    rabbitmq
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
RabbitMQ Rejects Wrong Logins
    [Tags]    PZ-N595
    [Template]    RabbitMQ Should Reject Login
    wrong password
    unknown user
    guest
    admin

The Management API Rejects Wrong Logins
    [Tags]    PZ-N596
    [Template]    Management API Should Reject Login
    nobody
    wrong password
    unknown user
    guest
    admin

RabbitMQ Serves TLS With A Certificate Of The Site
    [Tags]    PZ-N597
    Certificate Should Be Valid    rabbitmq
    Broker Should Accept A Channel    tls=True
