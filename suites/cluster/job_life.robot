*** Settings ***
Documentation     The life of a job: what the cluster starts for a view, how it can be watched, and what goes with it.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    grpc    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    cluster


*** Test Cases ***
The Pod Of A Job Is Pending, Running And Completed
    [Tags]    PZ-13899
    ${recording} =    Find A Recording    at_least=10 seconds
    Note The Time Of The Cluster
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=200
    Read Streams Of View To Their End    ${view}
    Job Of View Should Have Completed    ${view}
    Pod Of View Should Have Been    ${view}    Pending    Running    Succeeded

The Port Of A View Is Served While It Runs And Not Afterwards
    [Tags]    PZ-13899
    ${view} =    Open A Live View That Runs    channels=1-3
    Job Of View Should Have Its Service    ${view}
    Read Streams Of View    ${view}    at_least=1
    Discard View    ${view}
    View Should Not Be Streamed    ${view}
    Job Of View Should Be Removed    ${view}

Cancelling A View Removes All That The Cluster Ran For It
    [Tags]    PZ-13899    smoke
    ${view} =    Open A Live View That Runs
    Cleanup Job Of View Should Be Running    ${view}
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
    Cleanup Job Of View Should Be Removed    ${view}

A Job Can Be Observed By Its Log And Its Events
    [Tags]    PZ-13899
    ${view} =    Open A Live View That Runs
    Get Log Line Count    >=    1    view=${view}    containing=${view.job_id}
    ...    within=${SITE_DATA.timings.pod_visible_s}
    Get Events    contains    Scheduled, Started    view=${view}
    Get Event Count    ==    0    view=${view}    type=Warning

The Queues Of A View Go With It
    [Tags]    PZ-N540
    ${view} =    Open A Live View That Runs
    Get Queue Count    >=    1    view=${view}    within=${SITE_DATA.timings.job_running_s}
    Discard View    ${view}
    Get Queues    ==    ${EMPTY}    view=${view}    within=${SITE_DATA.timings.job_removed_s}

Services Keep Step With Job Ids While Views Come And Go
    [Tags]    PZ-12474
    ${one} =    Open Live View    channels=1-3
    ${two} =    Open Live View    channels=1-3
    ${three} =    Open Live View    channels=1-3
    Discard View    ${two}
    ${four} =    Open Live View    channels=1-3
    VAR    @{views} =    ${one}    ${three}    ${four}
    Views Should Not Share Anything    ${views}
    Service Of Each View Should Serve Its Port    ${views}
