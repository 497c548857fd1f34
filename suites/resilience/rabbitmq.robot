*** Settings ***
Documentation     What the loss of RabbitMQ costs: alerts, as long as it is away, and no message that it had confirmed.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    webapp    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
A Deleted RabbitMQ Pod Is Replaced And No Confirmed Message Is Lost
    [Tags]    PZ-14721
    ${queue} =    Publish Confirmed Messages
    Delete Pod    rabbitmq
    Workload Should Recover By Itself    rabbitmq
    Every Confirmed Message Should Arrive    ${queue}
    Exchange Should Be A Durable Topic
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again

Without RabbitMQ A Live View Is Served Or Clearly Refused
    [Tags]    PZ-14722
    ${queues} =    List Durable Queues
    Take Down    rabbitmq
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    Focus Server Should Answer
    Bring Back    rabbitmq
    Durable Queues Should Still Be There    ${queues}
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again

Views Opened While RabbitMQ Restarts Are Opened Or Refused
    [Tags]    PZ-14723
    ${opener} =    Keep Opening Views    live
    Kill Process    rabbitmq
    Workload Should Recover By Itself    rabbitmq
    Views Should Have Been Answered Cleanly    ${opener}    because=RabbitMQ
    Web App Should Accept Alerts Again

A Frozen RabbitMQ Stops Neither Live Nor Historic Views
    [Tags]    PZ-14724
    ${live} =    Open A Live View That Is Read
    Freeze    rabbitmq
    View Should Keep Running    ${live}
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    ${recording} =    Find A Recording
    Historic View Should Play To Its End    ${recording}
    Thaw    rabbitmq
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again

Queues Survive An Outage Of RabbitMQ
    [Tags]    PZ-14725
    ${queues} =    List Durable Queues
    ${own} =    Fill The Queue    room=50
    ${pods} =    Note The Pods Of    rabbitmq
    Kill Process    rabbitmq
    Workload Should Recover By Itself    rabbitmq
    Pods Should Have Restarted Once Since    ${pods}
    Durable Queues Should Still Be There    ${queues}
    Every Confirmed Message Should Arrive    ${own}
    Alerts Should Have A Durable Queue
    Web App Should Accept Alerts Again

A RabbitMQ Whose Network Is Cut Leaves No Half View
    [Tags]    PZ-13768
    ${live} =    Open A Live View That Is Read
    Cut The Network To    rabbitmq
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    View Should Keep Running    ${live}
    Restore The Network To    rabbitmq
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again

A Full Queue Refuses Messages And Keeps Those It Confirmed
    [Tags]    PZ-N550
    ${own} =    Fill The Queue    room=100
    Alert Message Should Pass The Exchange
    Every Confirmed Message Should Arrive    ${own}
