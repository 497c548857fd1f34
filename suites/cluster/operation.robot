*** Settings ***
Documentation     What an operator needs of the cluster: logs, commands in pods, and programs that do not end.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Has Logged Something
    [Tags]    PZ-N521
    [Template]    Get Log Line Count
    >=    1    workload=focus_server    last=10
    >=    1    workload=mongodb    last=10
    >=    1    workload=rabbitmq    last=10
    >=    1    workload=segy_recorder    last=10
    >=    1    workload=webapp    last=10

A Request Shows In The Log Of Focus Server
    [Tags]    PZ-N522
    Ask Focus Server    GET    /metadata/asked-to-be-logged
    Get Log Line Count    >=    1    workload=focus_server    containing=/metadata/asked-to-be-logged
    ...    since=test start    within=5 s

A Command Runs In The Pods Of Focus Server
    [Tags]    PZ-N523
    ${printed} =    Run In Workload    focus_server    echo    it works
    Should Contain    ${printed}    it works

No Workload Is Restarted While A View Delivers Frames
    [Tags]    PZ-N524
    ${before} =    Note Restarts Of The Workloads
    ${view} =    Open Live View
    Every Stream Should Deliver Frames    ${view}    at_least=1
    No Workload Should Have Restarted Since    ${before}
