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
    Job Of View Should Carry Its Labels    ${view}
    Job Of View Should Have Its Service    ${view}
    Job Of View Should Declare Its Resources    ${view}    cpu    memory    nvidia.com/gpu.shared
    Log Of Job Should Name Its View    ${view}
    Events Of Job Should Report Its Start    ${view}
    Removed View Should Leave Nothing    ${view}

A View That Is Closed Has No Service
    [Documentation]    FAIL GLOB: View * has no service grpc-service-* in the cluster.
    ${view} =    Open Live View
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
    Job Of View Should Have Its Service    ${view}

A Missing Label Is Named
    [Documentation]    FAIL GLOB: Pod grpc-job-* has wrong labels: job_id is None instead of '*'.
    [Setup]    Turn On    no-job-id-label
    ${view} =    Open A Live View That Runs
    Job Of View Should Carry Its Labels    ${view}
    [Teardown]    Turn Off    no-job-id-label

A Resource That Is Not Declared Is Named
    [Documentation]    FAIL GLOB: Pod grpc-job-* declares its resources wrong:
    ...    - container grpc-job declares no request and limit of cpu
    [Setup]    Turn On    no-cpu-memory-limits
    ${view} =    Open A Live View That Runs
    Job Of View Should Declare Its Resources    ${view}    cpu
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
