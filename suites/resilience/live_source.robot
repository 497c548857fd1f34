*** Settings ***
Documentation     What the loss of the receiver of the fibre's data costs, alone and together with RabbitMQ: live views
...               as long as it is away, and no recording for longer than that.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq    webapp    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
Recording Goes On While RabbitMQ Is Away
    [Tags]    PZ-11172
    ${before} =    Note The Live Recording
    Take Down    rabbitmq
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    Bring Back    rabbitmq
    ${recording} =    Everything Should Have Been Recorded Since    ${before}
    Historic View Should Play To Its End    ${recording}
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again

Receiver And RabbitMQ That Restart Together Serve Again
    [Tags]    PZ-11249    critical
    ${before} =    Note The Live Recording
    Delete Pods At Once    preprocessor    rabbitmq
    ${receiver}    ${_} =    Workloads Should Recover By Themselves    preprocessor    rabbitmq
    Recording Should Have One Gap At Most Since    ${before}    seconds=${receiver.seconds_lost}
    Live Metadata Should Be Those Of The Running Recording
    Alert Message Should Pass The Exchange
    Web App Should Accept Alerts Again
    Views Should Open And Play

A Receiver Killed While It Forwards Is Replaced And Forwards Again
    [Tags]    PZ-11522
    ${pods} =    Note The Pods Of    preprocessor
    ${live} =    Open A Live View That Is Read
    Kill Process    preprocessor
    Workload Should Recover By Itself    preprocessor
    Pods Should Have Restarted Once Since    ${pods}
    Live Metadata Should Be Those Of The Running Recording
    View Should Keep Running    ${live}
    Live View Should Be Served

Records Go On Once The Receiver Is Back
    [Tags]    PZ-11520
    ${before} =    Note The Live Recording
    Take Down    preprocessor
    There Should Be No Live Source
    ${outage} =    Bring Back    preprocessor
    Recording Should Have One Gap At Most Since    ${before}    seconds=${outage.seconds_lost}
    Get Recording Count    ==    1    state=live    within=${SITE_DATA.timings.reconnected_s} s
    Live Metadata Should Be Those Of The Running Recording
    Live View Should Be Served
