*** Settings ***
Documentation     The cluster can be reached, and shows the workloads of the site as running.

Resource          focus.resource

Suite Setup       Open Site    kubernetes
Suite Teardown    Close Site

Test Tags         connectivity    regression    nightly


*** Test Cases ***
The Cluster Reports Its Version And Its Nodes
    [Tags]    PZ-13773    smoke
    Get Cluster Version    matches    ^v\\d+\\.\\d+
    Get Node Count    >=    1    ready=yes    schedulable=yes

Every Workload Of The Site Is Listed
    [Tags]    PZ-13899    smoke
    [Template]    Get Workload Count
    ==    1    workload=focus_server
    ==    1    workload=mongodb
    ==    1    workload=rabbitmq
    ==    1    workload=segy_recorder
    ==    1    workload=webapp

Every Pod Of The Workloads Runs And Is Ready
    [Tags]    PZ-13899
    Every Pod Of The Workloads Should Be Ready

MongoDB Is Ready In The Cluster And Answers
    [Tags]    PZ-13899    requires:mongodb
    Workload Should Be Ready And Its Server Answer    mongodb    mongodb

RabbitMQ Is Ready In The Cluster And Answers
    [Tags]    PZ-13899    requires:rabbitmq
    Workload Should Be Ready And Its Server Answer    rabbitmq    rabbitmq
