*** Settings ***
Documentation     Keywords of the DisruptionLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Run Keywords    Change Our Site    policy.max_pods=2    AND
...                   Open Site    rest    kubernetes    mongodb    rabbitmq
Suite Teardown    Close Site

Test Tags         disruptive    exclusive


*** Test Cases ***
Nothing That Was Not Made Can Be Ended
    [Documentation]    FAIL There is no scaled to zero of mongodb to end; faults of it: none.
    Bring Back    mongodb

More Pods Than The Policy Allows Are Left Alone
    [Documentation]    SKIP GLOB: The fault would take 1 pod, beside 2 that are disrupted already; * allows 2 at a time.
    Take Down    focus_server
    Freeze    segy_recorder
    Delete Pod    mongodb

More Pods At Once Than The Policy Allows Are Left Alone
    [Documentation]    SKIP GLOB: The fault would take 3 pods; the policy of site simulated allows 2 at a time.
    Delete Pods At Once    mongodb    webapp    segy_recorder

Whatever The Last Test Left Was Undone
    Every Workload Should Be Healthy
    Focus Server Should Answer

A Historic View That Is Opened Is No Outage
    [Documentation]    FAIL GLOB: The historic view was not refused *answered 200 instead of 503*it started grpc-job-*
    Historic View Should Be Unavailable    MongoDB

A Live View That Is Opened Is No Outage
    [Documentation]    FAIL GLOB: The live view was not refused *answered 200 instead of 503*it started grpc-job-*
    Live View Should Be Unavailable    cluster

A View That The Cluster Lets Through Is Refused No More
    ${view} =    Open Live View    channels=1-8
    Let The Cluster Refuse The View After    ${view.job_id}
    Live View Should Be Unavailable    cluster
    Live View Should Be Served

A Focus Server That Answers Is No Outage
    [Documentation]    FAIL GLOB: *clients are not told so:*GET /ack: it was answered 200 instead of 503*
    Focus Server Should Be Unavailable

Lost Messages Are Counted
    [Documentation]    FAIL 5 of 5 confirmed messages are lost; the queue held 0.
    ${queue} =    Fill The Queue    room=5
    Every Confirmed Message Should Arrive    ${queue}
    Every Confirmed Message Should Arrive    ${queue}

A Cut Network Is Reported And Restored
    Cut The Network To    mongodb
    Historic View Should Be Unavailable    MongoDB
    Restore The Network To    mongodb
    Get Query Time    ping    <=    ${SITE_DATA.timings.mongodb_ping_ms} ms

The Network To The Focus Server And The Web App Can Be Cut Too
    Cut The Network To    focus_server
    Focus Server Should Be Unavailable
    Restore The Network To    focus_server
    Focus Server Should Answer
    Cut The Network To    webapp
    Restore The Network To    webapp

A Workload Without A Service Cannot Be Cut Off
    [Documentation]    FAIL segy_recorder has no service whose network could be cut.
    Cut The Network To    segy_recorder

Deleted Pods Recover And Are Shown Together
    Delete Pods At Once    webapp    segy_recorder
    ${times} =    Workloads Should Recover By Themselves    webapp    segy_recorder
    Recovery Should Take No Longer Than The Site's Budgets    ${times}
    Recovery Should Take No Longer Than The Site's Budgets    ${times}[0]

What Was Not Measured Has No Budget
    [Documentation]    FAIL GLOB: *it has to be what a keyword that ends a fault has returned, or a list of that
    Recovery Should Take No Longer Than The Site's Budgets    mongodb

An Error That Was Not Logged Is Missed
    [Documentation]    FAIL GLOB: Number of log lines of * (level error, containing MongoDB, since *): '0' (int) *
    ${since} =    Note The Time
    Ask Focus Server    GET    /channels
    Get Log Line Count    >=    1    workload=focus_server    level=error    containing=MongoDB    since=${since}

Pods That Did Not Restart Are Reported
    [Documentation]    FAIL GLOB: The pods of webapp should be webapp-*, with 1 restarts in all; seen: * 0 restarts.
    ${pods} =    Note The Pods Of    webapp
    Pods Should Have Restarted Once Since    ${pods}

All That Was Recorded Is Listed
    ${before} =    Note The Live Recording
    Sleep    3 s    time in which something is recorded
    Everything Should Have Been Recorded Since    ${before}
