*** Settings ***
Documentation     What an operator needs of the cluster: logs, commands in pods, and programs that do not end.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Has Logged Something
    [Tags]    PZ-N521
    [Template]    Log Of Workload Should Not Be Empty
    focus_server
    mongodb
    rabbitmq
    segy_recorder
    webapp

A Request Shows In The Log Of Focus Server
    [Tags]    PZ-N522
    Log Of Focus Server Should Show A Request

A Command Runs In The Pods Of Focus Server
    [Tags]    PZ-N523
    A Command Should Run In Workload    focus_server

No Workload Is Restarted While A View Delivers Frames
    [Tags]    PZ-N524
    ${before} =    Note Restarts Of The Workloads
    ${view} =    Open Live View
    Every Stream Should Deliver Frames    ${view}    at_least=1
    No Workload Should Have Restarted Since    ${before}
