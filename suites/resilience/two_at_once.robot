*** Settings ***
Documentation     Two parts of the site lost at the same time: what is left reports it, and both come back.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq    webapp    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    nightly


*** Test Cases ***
Without MongoDB And RabbitMQ The Focus Server Reports Both And Recovers
    [Tags]    PZ-14738
    Take Down    mongodb
    Take Down    rabbitmq
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    Historic View Should Be Unavailable    MongoDB
    Bring Back    mongodb
    Bring Back    rabbitmq
    Views Should Open And Play
    Web App Should Accept Alerts Again

A Focus Server That Starts Without MongoDB Serves Live Views
    [Tags]    PZ-14739
    Take Down    mongodb
    Delete Pod    focus_server
    Workload Should Recover By Itself    focus_server
    Historic View Should Be Unavailable    MongoDB
    Live View Should Be Served Or Clearly Refused    because=MongoDB
    Bring Back    mongodb
    Views Should Open And Play

A Focus Server That Starts Without RabbitMQ Recovers With It
    [Tags]    PZ-14740
    Take Down    rabbitmq
    Take Down    focus_server
    Focus Server Should Be Unavailable
    Bring Back    focus_server
    Focus Server Should Answer
    Bring Back    rabbitmq
    Views Should Open And Play
    Web App Should Accept Alerts Again

Focus Server And Recorder Come Back Together
    [Tags]    PZ-14741
    ${before} =    Note The Live Recording
    Take Down    segy_recorder
    Take Down    focus_server
    Focus Server Should Be Unavailable
    Bring Back    segy_recorder
    Bring Back    focus_server
    Recording Should Go On Since    ${before}
    Views Should Open And Play
