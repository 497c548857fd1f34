*** Settings ***
Documentation     How long jobs are kept: while somebody looks at them, and some time after their end. Times are those
...               of the site, minutes on a real one.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    cluster    slow


*** Test Cases ***
A View That Nobody Looks At Is Cleaned Up
    [Tags]    PZ-12514
    ${view} =    Open A Live View That Runs
    Cleanup Job Of View Should Be Running    ${view}
    Get Queue Count    >=    1    view=${view}    within=${SITE_DATA.timings.job_running_s}
    Unwatched View Should Be Removed    ${view}
    Get Queues    ==    ${EMPTY}    view=${view}    within=${SITE_DATA.timings.job_removed_s}
    Cleanup Job Of View Should Be Removed    ${view}

A View Whose Client Has Left Is Removed
    [Tags]    PZ-N541
    ${view} =    Open Live View    channels=1-3
    ${readings} =    Read Streams Of View    ${view}    at_least=3
    Every Stream Should Have Delivered    ${readings}    at_least=3
    Unwatched View Should Be Removed    ${view}

A View That Is Watched Stays
    [Tags]    PZ-N542
    ${view} =    Open Live View    channels=1-3    frequency=0-50 Hz
    Watched View Should Outlive The Idle Time    ${view}

A Stream That Its Client Does Not Read Is Closed
    [Tags]    PZ-N543
    ${view} =    Open Live View    channels=1-300
    Idle Stream Should Be Closed    ${view}

A Finished Job Is Kept For Its Time To Live
    [Tags]    PZ-N544
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=200
    Read Streams Of View To Their End    ${view}
    Job Of View Should Have Completed    ${view}
    Get Log Line Count    >=    1    view=${view}    containing=${view.job_id}
    ...    within=${SITE_DATA.timings.pod_visible_s}
    Finished Job Should Be Removed After Its Time To Live    ${view}
