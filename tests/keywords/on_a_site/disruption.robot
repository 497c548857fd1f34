*** Settings ***
Documentation     Keywords of the DisruptionLibrary and the OutageLibrary.

Library           own_site.py
Resource          disruption.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq
Suite Teardown    Close Site

Test Tags         disruptive    exclusive


*** Test Cases ***
Nothing That Was Not Made Can Be Ended
    [Documentation]    FAIL There is no scaled to zero of mongodb to end; faults of it: none.
    Bring Back    mongodb

More Pods Than The Policy Allows Are Left Alone
    [Documentation]    FAIL GLOB: The fault would take 1 pod, beside 2 that are disrupted already; * allows 2 at a time.
    Take Down    focus_server
    Freeze    segy_recorder
    Delete Pod    mongodb

Whatever The Last Test Left Was Undone
    Every Workload Should Be Healthy
    Focus Server Should Answer

A Historic View That Is Opened Is No Outage
    [Documentation]    FAIL GLOB: The historic view was not refused *answered 200 instead of 503*it started grpc-job-*
    Historic View Should Be Unavailable    MongoDB

A Focus Server That Answers Is No Outage
    [Documentation]    FAIL GLOB: *clients are not told so:*GET /ack: it was answered 200 instead of 503*
    Focus Server Should Be Unavailable

Lost Messages Are Counted
    [Documentation]    FAIL 5 of 5 confirmed messages are lost; the queue held 0.
    ${queue} =    Fill The Queue    room=5
    Every Confirmed Message Should Arrive    ${queue}
    Every Confirmed Message Should Arrive    ${queue}

A Cut Network Is Told And Restored
    Cut The Network To    mongodb
    Historic View Should Be Unavailable    MongoDB
    Restore The Network To    mongodb
    MongoDB Should Answer Within The Site's Limit
