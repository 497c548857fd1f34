*** Settings ***
Documentation     RabbitMQ lets in whom it must, and nobody else: over AMQP, over TLS, and at its management API.

Resource          focus.resource

Suite Setup       Open Site    rabbitmq
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
RabbitMQ Lets No Stranger In
    [Tags]    PZ-N595
    [Template]    RabbitMQ Should Refuse
    wrong password
    unknown user
    guest
    admin

The Management API Lets No Stranger In
    [Tags]    PZ-N596
    [Template]    Management API Should Refuse
    nobody
    wrong password
    unknown user
    guest
    admin

RabbitMQ Speaks TLS With A Certificate Of The Site
    [Tags]    PZ-N597
    Certificate Should Be Good    rabbitmq
    Broker Should Take A Channel    tls=True
