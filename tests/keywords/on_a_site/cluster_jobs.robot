*** Settings ***
Documentation     Keywords about the job of a view, from its start to its removal.

Library           own_site.py
Resource          focus.resource

# What stays is waited for in vain; half of the usual time is enough to see it.
Suite Setup       Run Keywords    Change Our Site    timings.job_removed_s=15    AND
...                   Open Site    rest    kubernetes    rabbitmq    grpc    mongodb
Suite Teardown    Close Site


*** Test Cases ***
A View Has Its Job And Service And Leaves Nothing
    ${view} =    Open Live View
    ${pod} =    Job Of View Should Be Running Within The Site's Budget    ${view}
    Should Start With    ${pod.name}    grpc-job-${view.job_id}-
    Job Of View Should Have Its Service    ${view}
    Discard View    ${view}
    Job Of View Should Be Removed    ${view}
    Get Queue Count    ==    0    view=${view}    within=${SITE_DATA.timings.job_removed_s}
    Cleanup Job Of View Should Be Removed    ${view}
    Get Service Count    ==    0    view=${view}

What The Cluster Runs For A View Is Answered
    ${view} =    Open A Live View That Runs    channels=1-3
    Get Pod Field    label job_id    ==    ${view.job_id}    view=${view}
    Get Jobs    ==    grpc-job-${view.job_id}    view=${view}    state=Running
    Get Jobs    ==    cleanup-job-${view.job_id}    cleanup_of=${view}
    Get Service Field    ports    ==    ${view.answer.stream_port}    view=${view}
    Pods Should Declare What They Need    cpu    memory    nvidia.com/gpu.shared    view=${view}
    Get Log Line Count    >=    1    view=${view}    containing=${view.job_id}    within=10 s
    Get Events    contains    Scheduled, Started    view=${view}    type=Normal
    Get Event Field    last    >    5 minutes ago    view=${view}    reason=Started

A View That Is Closed Has No Service
    [Documentation]    FAIL GLOB: View * has no service grpc-service-* in the cluster.
    ${view} =    Open Live View
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
    Job Of View Should Have Its Service    ${view}

A Missing Label Is Named
    [Documentation]    FAIL GLOB: label job_id of pods of job grpc-job-*: nothing should be '*' (str). Seen: *
    [Setup]    Turn On    no-job-id-label
    ${view} =    Open A Live View That Runs
    Get Pod Field    label job_id    ==    ${view.job_id}    view=${view}
    [Teardown]    Turn Off    no-job-id-label

A Resource That Is Not Declared Is Named
    [Documentation]    FAIL GLOB: The pods of job grpc-job-* do not declare what they need:
    ...    - grpc-job-*: container grpc-job declares no request and limit of cpu
    [Setup]    Turn On    no-cpu-memory-limits
    ${view} =    Open A Live View That Runs
    Pods Should Declare What They Need    cpu    view=${view}
    [Teardown]    Turn Off    no-cpu-memory-limits

A Service That Leads Elsewhere Is Named
    [Documentation]    FAIL GLOB: Service grpc-service-* is wrong:\n- it leads to port 5001 instead of 5000
    [Setup]    Turn On    service-wrong-target
    ${view} =    Open A Live View That Runs
    Job Of View Should Have Its Service    ${view}
    [Teardown]    Turn Off    service-wrong-target

A Service That Stays Is Named
    [Documentation]    FAIL GLOB: Not everything of the Live * was removed within * s:
    ...    - service grpc-service-* is still there
    [Setup]    Turn On    port-bookkeeping
    ${view} =    Open A Live View That Runs
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
    [Teardown]    Turn Off    port-bookkeeping

A Pod That Never Runs Has Not Been What It Should
    [Documentation]    FAIL GLOB: The pod of job grpc-job-* did not live as it should:
    ...    - its pod was Pending, expected Pending -> Running -> Succeeded
    [Setup]    Turn On    job-never-starts
    Note The Time Of The Cluster
    ${view} =    Open Live View
    Pod Of View Should Have Been    ${view}    Pending    Running    Succeeded
    [Teardown]    Turn Off    job-never-starts
