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
