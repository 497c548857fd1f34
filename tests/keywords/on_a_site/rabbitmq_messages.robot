*** Settings ***
Documentation     Keywords of the RabbitLibrary about messages and queues, of the AlertLibrary about alerts
...               on their way.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rabbitmq    webapp
Suite Teardown    Close Site


*** Test Cases ***
Messages Of The Run Are Counted And Arrive In Order
    ${queue} =    Publish Confirmed Messages    3
    Get Queue Field    ready    ==    3    name=${queue.name}
    Every Confirmed Message Should Arrive    ${queue}
    Get Queue Field    ready    ==    0    name=${queue.name}

A Private Queue Gets What It Is Bound To
    VAR    &{body} =    number=${7}
    ${queue} =    Bind Private Queue    Test.*
    Publish Message    Test.One    ${body}
    ${messages} =    Get Messages    ${queue}    ==    Test.One    within=5 s
    Get Message Field    ${queue}    body    ==    ${body}    key=Test.One
    Get Message Field    ${queue}    body.number    ==    7
    Get Message Field    ${queue}    content_type    ==    application/json
    Get Message Field    ${queue}    delivery_mode    ==    2
    Get Message Count    ${queue}    ==    1    during=0.3 s
    Should Be Equal    ${messages[0].routing_key}    Test.One

A Message That Does Not Come Is Reported
    [Documentation]    FAIL GLOB: Number of messages in queue *: waited 1 s, * tries, last seen: '0' (int) should be *
    ${queue} =    Bind Private Queue    Test.*
    Get Message Count    ${queue}    ==    1    key=Test.Two    within=1 s

A Message That Nobody Wants Is Reported
    [Documentation]    FAIL Exchange 'prisma' has no queue for the routing key 'Test.Three': the message was returned.
    VAR    &{body} =    number=${7}
    Publish Message    Test.Three    ${body}

A Queue That There Is Not Is Reported
    [Documentation]    FAIL durable of queues named recorder_gone: there is no queue
    Get Queue Field    durable    ==    yes    name=recorder_gone

A Message Of A Queue That Is None Is Not Understood
    [Documentation]    FAIL GLOB: *it has to be what 'Bind Private Queue' has returned*
    Get Message Count    recorder_input    ==    0

Consumers Are Counted Now
    Get Consumer Count    >=    1    key=Algorithm.AlertReport
    Get Consumer Count    ==    0    name=focus-nothing-*

A Client Whose Connection Was Ended Connects Again
    VAR    &{body} =    number=${8}
    ${queue} =    Bind Private Queue    Test.*
    Break Connection Of Client    ${queue}
    ${seconds} =    Client Should Connect Again    ${queue}
    Should Be True    0 < ${seconds} < ${SITE_DATA.timings.reconnected_s}
    Publish Message    Test.Four    ${body}
    Get Message Field    ${queue}    body    ==    ${body}    key=Test.Four    within=5 s
