*** Settings ***
Documentation     Keywords of the ClusterLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Cluster Is As Required
    Get Nodes    ==    ${EMPTY}    ready=no
    Get Workloads    ==    ${EMPTY}    healthy=no
    Every Workload Should Be Healthy
    Pods Of Workload Should Be Ready    rabbitmq

A Workload That The Site Does Not Have Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'database' that cannot be converted to 'focus_server', *
    Pods Of Workload Should Be Ready    database

What An Operator Asks The Cluster Is Answered
    Get Cluster Version    matches    ^v\\d+\\.\\d+
    Get Node Count    >=    1    ready=yes    schedulable=yes
    Get Workload Field    ready    >=    1
    Get Workload Count    ==    1    workload=segy_recorder
    Every Pod Of The Workloads Should Be Ready
    Workload Should Be Served On    mongodb    27017

What Pods Need And Use Is Answered
    Pods Should Declare What They Need    cpu    memory    workload=focus_server
    ${pods} =    Get Pods    workload=rabbitmq    state=Running    ready=yes
    Should Be Equal    ${pods[0].phase}    Running
    Get Resource Field    memory_used    >    0 MiB    workload=rabbitmq    within=20 s
    Get Resources    ==    ${pods}    workload=rabbitmq

Logs And Events Are Reported
    Ask Focus Server    GET    /metadata/asked-to-be-logged
    Get Log Line Count    >=    1    workload=focus_server    containing=/metadata/asked-to-be-logged
    ...    since=test start    within=5 s
    Get Log Line Count    ==    0    workload=focus_server    level=error    since=test start    during=1 s
    ${lines} =    Get Log Lines    workload=segy_recorder    containing=opened recording    level=info    last=5
    Should Be Equal    ${lines[0].level}    INFO
    ${events} =    Get Events    workload=mongodb    type=Normal
    Should Contain    ${events[0].object}    mongodb

A Line That Should Not Be There Is Shown
    [Documentation]    FAIL GLOB:
    ...    Number of log lines of * (containing /metadata/asked-to-be-logged, since * UTC): * There are: * GET *.
    Ask Focus Server    GET    /metadata/asked-to-be-logged
    Get Log Line Count    ==    0    workload=focus_server    containing=/metadata/asked-to-be-logged
    ...    since=test start    during=5 s

A Pod That Does Not Come Is Awaited And Those That There Are Are Named
    [Documentation]    FAIL GLOB: Number of pods of webapp (status Pending): waited 1 s, * others: webapp-* is *
    Get Pod Count    ==    1    workload=webapp    state=Pending    within=1 s

A Field That Pods Do Not Have Is Refused
    [Documentation]    FAIL GLOB: A pod has no field 'mood'; use one of name, phase, *
    Get Pod Field    mood    ==    good    workload=webapp

What Is Of A Workload And Of A View Is Refused
    [Documentation]    FAIL workload, view and cleanup_of name an owner each; give one of them.
    ${view} =    Open Live View    channels=1-3
    Get Pods    workload=webapp    view=${view}

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
    Get Pod Count    ==    1    workload=focus_server    ready=no    within=10 s
    Pods Of Workload Should Be Ready    focus_server
    [Teardown]    Make Focus Server Ready Again

A Workload That Is Missing Is Reported With Those That There Are
    [Documentation]    FAIL GLOB: Number of workloads (name panda-panda-segy-recorder): '0' (int) should be '1' (int). \
    ...    There are others: Deployment panda-panda-focus-server: 1 of 1 ready*
    [Setup]    Turn On    recorder-missing
    Get Workload Count    ==    1    workload=segy_recorder
    [Teardown]    Turn Off    recorder-missing


*** Keywords ***
Make Focus Server Ready Again
    [Documentation]    Undoes the defect and waits for the workload.
    Turn Off    focus-server-not-ready
    Get Workload Field    healthy    ==    yes    workload=focus_server    within=30 s
