*** Settings ***
Documentation     What a cluster that refuses a part of a view costs: that view, and nothing that is open.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
A View That The Cluster Refuses Halfway Is Rolled Back
    [Tags]    PZ-13604
    ${live} =    Open A Live View That Is Read
    ${before} =    List What Runs In The Cluster
    ${queues} =    List Queues Of Views
    Let The Cluster Refuse The View After    ${live.job_id}
    Live View Should Be Unavailable    because=cluster
    Everything Started Should Be Removed Since    ${before}
    No Queue Should Have Appeared Since    ${queues}
    View Should Keep Running    ${live}
    Live View Should Be Served
