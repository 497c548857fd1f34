*** Settings ***
Documentation     The workloads and nodes of the cluster.

Resource          focus.resource

Suite Setup       Open Site    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Is Healthy
    [Tags]    PZ-13899    smoke    critical
    Every Workload Should Be Healthy

Every Node Is Ready
    [Tags]    PZ-13899    smoke    critical
    Get Nodes    ==    ${EMPTY}    ready=no
    Get Node Count    >=    1    schedulable=yes

Pods Of Focus Server Are Ready
    [Tags]    PZ-14732
    Pods Of Workload Should Be Ready    focus_server

Pods Of MongoDB Are Ready
    [Tags]    PZ-14720
    Pods Of Workload Should Be Ready    mongodb

Pods Of RabbitMQ Are Ready
    [Tags]    PZ-14726
    Pods Of Workload Should Be Ready    rabbitmq
