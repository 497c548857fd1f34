*** Settings ***
Documentation     What the pods of the workloads need and use.

Resource          focus.resource

Suite Setup       Open Site    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Declares What It Needs
    [Tags]    PZ-N525
    [Template]    Workload Should Declare What It Needs
    focus_server
    mongodb
    rabbitmq
    segy_recorder
    webapp
    preprocessor

The Pods Of Every Workload Are Measured
    [Tags]    PZ-N526
    [Template]    Pods Of Workload Should Be Measured
    focus_server
    mongodb
    rabbitmq
    segy_recorder
    webapp
