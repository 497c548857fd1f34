*** Settings ***
Documentation     How a site comes back of which everything was lost: part by part, or all of it by itself.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq    webapp    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    nightly    slow


*** Test Cases ***
MongoDB And RabbitMQ Started Before The Focus Server Bring The Site Back
    [Tags]    PZ-14742    critical
    Take Down    focus_server
    Take Down    rabbitmq
    Take Down    mongodb
    Focus Server Should Be Unavailable
    Bring Back    mongodb
    Get Recording Count    >    0    state=historic
    Bring Back    rabbitmq
    Bring Back    focus_server
    Views Should Open And Play
    Web App Should Accept Alerts Again

A Focus Server That Is Started First Serves What It Can And Waits For The Rest
    [Tags]    PZ-14742
    Take Down    mongodb
    Take Down    rabbitmq
    Take Down    focus_server
    Bring Back    focus_server
    Live View Should Be Served Or Clearly Refused    because=RabbitMQ
    Historic View Should Be Unavailable    MongoDB
    Bring Back    rabbitmq
    Bring Back    mongodb
    Views Should Open And Play
    Web App Should Accept Alerts Again

A Site Whose Pods Are All Deleted At Once Heals By Itself
    [Tags]    PZ-14743    critical
    ${count} =    Get Recording Count
    ${before} =    Note The Live Recording
    Delete Pods At Once    mongodb    rabbitmq    focus_server    segy_recorder    webapp
    Workloads Should Recover By Themselves    mongodb    rabbitmq    focus_server    segy_recorder    webapp
    Views Should Open And Play
    No Recording Should Be Lost Since    ${count}
    Recording Should Go On Since    ${before}
    Web App Should Accept Alerts Again

Each Pod Recovers In Its Time
    [Tags]    PZ-14744
    ${times} =    Measure The Recovery Of    mongodb    rabbitmq    focus_server    segy_recorder    webapp
    Recovery Should Take No Longer Than The Site's Budgets    ${times}
    Web App Should Accept Alerts Again
