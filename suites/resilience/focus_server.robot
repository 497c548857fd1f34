*** Settings ***
Documentation     What the loss of the Focus Server costs: new views, as long as it is away, and no view that is open.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    grpc    mongodb
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
A Deleted Focus Server Pod Is Replaced And Serves Again
    [Tags]    PZ-14727    critical
    Delete Pod    focus_server
    Workload Should Recover By Itself    focus_server
    Focus Server Should Answer
    Views Should Open And Play

Without Its Pod The Focus Server Is Reported As Unavailable
    [Tags]    PZ-14728
    Take Down    focus_server
    Focus Server Should Be Unavailable
    Bring Back    focus_server
    Focus Server Should Answer
    Views Should Open And Play

Views Opened While The Focus Server Restarts Leave No Job Behind
    [Tags]    PZ-14729
    ${opener} =    Keep Opening Views    live
    Kill Process    focus_server
    Workload Should Recover By Itself    focus_server
    Views Should Have Been Answered Cleanly    ${opener}    because=service    requests_may_break=True

An Open View Outlives An Outage Of The Focus Server
    [Tags]    PZ-14730
    ${live} =    Open A Live View That Is Read
    View Should Keep Running    ${live}
    Take Down    focus_server
    Focus Server Should Be Unavailable
    Reading Should Go On    ${live}
    Bring Back    focus_server
    View Should Keep Running    ${live}

The Focus Server Recovers Within The Site's Budgets
    [Tags]    PZ-14731
    ${pods} =    Note The Pods Of    focus_server
    Kill Process    focus_server
    Workload Should Recover By Itself    focus_server
    Pods Should Have Restarted Once Since    ${pods}
    Views Should Open And Play

A Frozen Focus Server Serves Again Once It Is Thawed
    [Tags]    PZ-14730
    Freeze    focus_server
    Thaw    focus_server
    Focus Server Should Answer
    Views Should Open And Play
