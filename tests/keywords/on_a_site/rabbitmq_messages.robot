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
    Queue Should Hold    ${queue}    3
    Every Confirmed Message Should Arrive    ${queue}
    Queue Should Hold    ${queue}    0

A Private Queue Gets What It Is Bound To
    VAR    &{body} =    number=${7}
    ${queue} =    Bind Private Queue    Test.*
    Publish Message    Test.One    ${body}
    ${message} =    Message Should Arrive    ${queue}    Test.One    ${body}
    Should Be Equal
    ...    ${{ ($message.content_type, $message.delivery_mode) }}
    ...    ${{ ("application/json", 2) }}

A Message That Does Not Come Is Reported
    [Documentation]    FAIL GLOB: The message 'Test.Two' in queue *: waited 5 s, no message came at all.
    VAR    &{body} =    number=${7}
    ${queue} =    Bind Private Queue    Test.*
    Message Should Arrive    ${queue}    Test.Two    ${body}

A Message That Nobody Wants Is Reported
    [Documentation]    FAIL Exchange 'prisma' has no queue for the routing key 'Test.Three': the message was returned.
    VAR    &{body} =    number=${7}
    Publish Message    Test.Three    ${body}

A Queue That There Is Not Is Reported
    [Documentation]    FAIL RabbitMQ has no queue 'recorder_gone'.
    Queue Should Be Durable    recorder_gone

A Client Whose Connection Was Ended Connects Again
    VAR    &{body} =    number=${8}
    ${queue} =    Bind Private Queue    Test.*
    Break Connection Of Client    ${queue}
    ${seconds} =    Client Should Connect Again    ${queue}
    Should Be True    0 < ${seconds} < ${SITE_DATA.timings.reconnected_s}
    Publish Message    Test.Four    ${body}
    Message Should Arrive    ${queue}    Test.Four    ${body}

Alerts In The Wrong Order Are Reported
    [Documentation]    FAIL GLOB: 3 alerts passed the exchange in another order than they were sent, from alert 1 on: *
    [Setup]    Turn On    alerts-reversed
    Alerts Of One Request Should Pass In Order    3
    [Teardown]    Turn Off    alerts-reversed
