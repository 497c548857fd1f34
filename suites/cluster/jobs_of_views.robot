*** Settings ***
Documentation     What the cluster runs for a view: a job with its pod, and a service.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    regression    nightly


*** Test Cases ***
A Live View Gets A Running Job
    [Tags]    PZ-13568    smoke    critical
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}

The Job Of A Live View Is Labelled With Its Id
    [Tags]    PZ-13566    smoke
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Job Of View Should Carry Its Labels    ${view}

The Answered Port Is Served For A Live View
    [Tags]    PZ-N115    smoke
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Job Of View Should Have Its Service    ${view}

The Job Of A Live View Declares Its Resources
    [Tags]    PZ-N117
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Job Of View Should Declare Its Resources    ${view}    cpu    memory

The Cleanup Job Of A View Declares Its Resources
    [Tags]    PZ-N763
    ${view} =    Open Live View
    Cleanup Job Of View Should Declare Its Resources    ${view}    cpu    memory

A Closed View Leaves Nothing In The Cluster
    [Tags]    PZ-N118
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
