*** Settings ***
Documentation     Keywords of the ClusterLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Cluster Is As Required
    Every Node Should Be Ready
    Every Workload Should Be Healthy
    Pods Of Workload Should Be Ready    rabbitmq

A Workload That The Site Does Not Have Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'database' that cannot be converted to 'focus_server', *
    Pods Of Workload Should Be Ready    database

What An Operator Asks The Cluster Is Answered
    Cluster Should Report Its Version And Nodes
    Workload Should Be Listed    segy_recorder
    Every Pod Of The Workloads Should Be Ready
    Workload Should Be Served On    mongodb    27017
    Workload Should Declare What It Needs    focus_server
    Pods Of Workload Should Be Measured    rabbitmq

Logs And Events Are Reported
    Log Of Focus Server Should Show A Request
    ${log} =    Read Log Of Workload    segy_recorder    last=5
    Should Contain    ${log}    opened recording
    ${events} =    List Events Of Workload    mongodb
    Should Contain    ${events}[0]    Normal

A Command That Ends With An Error Is Reported
    [Documentation]    FAIL GLOB: 'cat /no/such/file' ended with 1 in pod panda-panda-focus-server-*: *.
    Run In Workload    focus_server    cat    /no/such/file

A Port That No Service Has Is Reported
    [Documentation]    FAIL
    ...    Workload mongodb is not served as it should:
    ...    - no service of it has port 27018
    Workload Should Be Served On    mongodb    27017    27018

A Workload That Is Not Ready Is Reported With Its Last Warning, And Awaited
    [Documentation]    FAIL GLOB: 1 of 1 pods of focus_server are not ready: * is Running, not ready, * (Unhealthy: *).
    [Setup]    Turn On    focus-server-not-ready
    Wait Until Keyword Succeeds    10 s    0.2 s    Focus Server Should Not Be Ready
    Pods Of Workload Should Be Ready    focus_server
    [Teardown]    Make Focus Server Ready Again

A Workload That Is Missing Is Reported With Those That There Are
    [Documentation]    FAIL GLOB: There is no Deployment panda-panda-segy-recorder in namespace panda; there are *
    [Setup]    Turn On    recorder-missing
    Workload Should Be Listed    segy_recorder
    [Teardown]    Turn Off    recorder-missing


*** Keywords ***
Focus Server Should Not Be Ready
    [Documentation]    The defect takes three failed probes to be seen.
    Run Keyword And Expect Error    *not ready*    Pods Of Workload Should Be Ready    focus_server

Make Focus Server Ready Again
    [Documentation]    Undoes the defect and waits for the workload.
    Turn Off    focus-server-not-ready
    Wait Until Workload Is Healthy    focus_server
