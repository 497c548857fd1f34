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
    ${view} =    Open A Live View That Runs
    Get Pod Field    label app    ==    ${SITE_DATA.job_prefix}${view.job_id}    view=${view}
    Get Pod Field    label job_id    ==    ${view.job_id}    view=${view}

The Answered Port Is Served For A Live View
    [Tags]    PZ-N115    smoke
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Job Of View Should Have Its Service    ${view}

The Job Of A Live View Declares Its Resources
    [Tags]    PZ-N117
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Pods Should Declare What They Need    cpu    memory    view=${view}

The Cleanup Job Of A View Declares Its Resources
    [Tags]    PZ-N763
    ${view} =    Open Live View
    Pods Should Declare What They Need    cpu    memory    cleanup_of=${view}

A Closed View Leaves Nothing In The Cluster
    [Tags]    PZ-N118
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Close View    ${view}
    Job Of View Should Be Removed    ${view}

A View Of A Hundred Channels Has Its Jobs And Its Service Until It Is Closed
    [Tags]    PZ-N845
    ${view} =    Open A Live View That Runs    channels=1-100
    Get Job Field    label job_id    ==    ${view.job_id}    view=${view}
    Get Service Field    label app    ==    ${SITE_DATA.job_prefix}${view.job_id}    view=${view}
    Get Job Field    label app    ==    cleanup-job-${view.job_id}    cleanup_of=${view}
    Close View    ${view}
    Get Job Count    ==    0    view=${view}    within=${SITE_DATA.timings.job_removed_s}
    Get Service Count    ==    0    view=${view}    within=${SITE_DATA.timings.job_removed_s}
    Cleanup Job Of View Should Be Removed    ${view}
