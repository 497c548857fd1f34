*** Settings ***
Documentation     The broker itself: it takes connections, describes itself, and keeps what it has confirmed.

Resource          focus.resource

Suite Setup       Open Site    rabbitmq
Suite Teardown    Close Site

Test Tags         messaging    regression    nightly


*** Test Cases ***
The Broker Accepts A Connection And Has Its Exchange
    [Tags]    PZ-13602    smoke
    Broker Should Accept A Channel
    Get Broker Field    version    matches    ^[0-9]
    Get Broker Field    running    !=    ${EMPTY}
    Get Broker Field    stopped    ==    ${EMPTY}
    Exchange Should Be A Durable Topic

The Broker Is Short Of Nothing
    [Tags]    PZ-N582
    Get Broker Field    alarms    ==    ${EMPTY}

A Lost Peer Is Noticed On Every Connection
    [Tags]    PZ-N583
    Every Connection Should Have A Heartbeat    at_most=600

As Many Clients As A User Has Windows Connect At Once
    [Tags]    PZ-N584
    Broker Should Accept Connections At Once    ${SITE_DATA.limits.max_windows}

The Queue Of The Recorder Outlives The Broker
    [Tags]    PZ-N585
    Get Queue Field    durable    ==    yes    name=recorder_input
    Get Queue Field    auto_delete    ==    no    name=recorder_input
    Get Queue Field    exclusive    ==    no    name=recorder_input

What The Broker Confirmed Waits Until It Is Consumed
    [Tags]    PZ-14957
    ${queue} =    Publish Confirmed Messages    500
    Get Queue Field    ready    ==    500    name=${queue.name}
    Every Confirmed Message Should Arrive    ${queue}
    Get Queue Field    ready    ==    0    name=${queue.name}

A Client Whose Connection Broke Connects Again
    [Tags]    PZ-N593
    VAR    &{body} =    source=focus-test
    ${queue} =    Bind Private Queue    Focus.Test.*
    Break Connection Of Client    ${queue}
    Client Should Connect Again    ${queue}
    Publish Message    Focus.Test.Again    ${body}
    Get Message Count    ${queue}    ==    1    key=Focus.Test.Again    within=${SITE_DATA.timings.alert_visible_s}
    Get Message Field    ${queue}    body    ==    ${body}
