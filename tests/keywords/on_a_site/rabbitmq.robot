*** Settings ***
Documentation     Keywords of the RabbitLibrary about the broker and its exchange.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rabbitmq    webapp
Suite Teardown    Close Site


*** Test Cases ***
The Exchange Is As Required
    Exchange Should Be A Durable Topic
    Alerts Should Have A Durable Queue

What The Broker Holds Can Be Composed
    Get Exchanges    contains    prisma, baby_analyzer_commands
    Get Exchange Field    type    ==    topic
    Get Exchange Field    durable    ==    yes    exchange=baby_analyzer_commands
    Get Queues    contains    recorder_input    durable=yes
    Get Queue Count    ==    0    name=focus-nothing-*    during=0.3 s
    Get Bindings    not contains    recorder_input    key=Algorithm.AlertReport

The Broker Describes Itself
    Get Broker Field    version    matches    ^[0-9]
    Get Broker Field    alarms    ==    ${EMPTY}
    Get Broker Field    running    !=    ${EMPTY}
    Get Connection Field    heartbeat    >    0 s
    Get Connection Field    heartbeat    <=    600 s

A Queue Too Few Is Reported
    [Documentation]    FAIL GLOB: Number of queues named recorder_*: * last seen: '1' (int) * There are: recorder_*
    Get Queue Count    ==    2    name=recorder_*    within=0.5 s

Messages Pass Under Every Alert Key
    Alert Message Should Pass The Exchange    Algorithm.AlertReport.FiberCut

A Message Under Another Key Passes To Nobody
    [Documentation]    FAIL GLOB: Exchange 'prisma' has no queue for the routing key 'Nobody.Listens'*
    Alert Message Should Pass The Exchange    Nobody.Listens

An Exchange That Is Missing Is Reported
    [Documentation]    FAIL RabbitMQ has no exchange 'prisma' in vhost '/'.
    [Setup]    Turn On    exchange-missing
    Exchange Should Be A Durable Topic
    [Teardown]    Turn Off    exchange-missing
