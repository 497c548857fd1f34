*** Settings ***
Documentation     Keywords of the ClusterLibrary.

Library           own_site.py
Resource          infrastructure.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Cluster Is As Required
    Every Node Should Be Ready
    Every Workload Should Be Healthy
    Pods Of Workload Should Be Ready    rabbitmq

A View Has Its Job And Service And Leaves Nothing
    ${view} =    Open Live View
    ${pod} =    Job Of View Should Be Running Within The Site's Budget    ${view}
    Should Start With    ${pod.name}    grpc-job-${view.job_id}-
    Job Of View Should Carry Its Labels    ${view}
    Job Of View Should Have Its Service    ${view}
    Close View    ${view}
    Job Of View Should Be Removed    ${view}

A View That Is Closed Has No Service
    [Documentation]    FAIL GLOB: View * has no service grpc-service-* in the cluster.
    ${view} =    Open Live View
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
    Job Of View Should Have Its Service    ${view}

A Missing Label Is Named
    [Documentation]    FAIL GLOB: Pod grpc-job-* has wrong labels: job_id is None instead of '*'.
    [Setup]    Turn On    no-job-id-label
    ${view} =    Open Live View
    Job Of View Should Be Running Within The Site's Budget    ${view}
    Job Of View Should Carry Its Labels    ${view}
    [Teardown]    Turn Off    no-job-id-label

A Workload That The Site Does Not Have Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'database' that cannot be converted to 'focus_server', *
    Pods Of Workload Should Be Ready    database
