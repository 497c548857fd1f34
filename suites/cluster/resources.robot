*** Settings ***
Documentation     What the pods of the workloads need and use.

Resource          focus.resource

Suite Setup       Open Site    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
Every Workload Declares What It Needs
    [Tags]    PZ-N525
    [Template]    Pods Should Declare What They Need
    cpu    memory    workload=focus_server
    cpu    memory    workload=mongodb
    cpu    memory    workload=rabbitmq
    cpu    memory    workload=segy_recorder
    cpu    memory    workload=webapp
    cpu    memory    workload=preprocessor

The Pods Of Every Workload Are Measured
    [Tags]    PZ-N526
    [Template]    Get Resource Field
    memory_used    >    0 MiB    workload=focus_server    within=20 s
    memory_used    >    0 MiB    workload=mongodb    within=20 s
    memory_used    >    0 MiB    workload=rabbitmq    within=20 s
    memory_used    >    0 MiB    workload=segy_recorder    within=20 s
    memory_used    >    0 MiB    workload=webapp    within=20 s

The Pods Of The Web App Are Ready, Were Never Restarted And Have Memory To Spare
    [Tags]    PZ-N846
    Get Pod Count    >=    1    workload=webapp
    Get Pod Count    ==    0    workload=webapp    ready=no
    Get Pod Field    restarts    ==    0    workload=webapp
    Get Resource Field    memory_percent    <    80 %    workload=webapp    within=20 s
