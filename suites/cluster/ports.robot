*** Settings ***
Documentation     The ports of the workloads: what their services declare, and what listens behind them.

Resource          focus.resource

Suite Setup       Open Site    kubernetes    ssh
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Is Served On Its Ports
    [Tags]    PZ-N527
    [Template]    Workload Should Be Served On
    focus_server    5000
    mongodb    27017
    rabbitmq    5672    5671    15672    9419    4369    25672

Every Port Of The Services Is Open From The Node
    [Tags]    PZ-N528
    [Template]    Every Port Of Workload Should Be Open From The Node
    focus_server
    mongodb
    rabbitmq
    webapp
