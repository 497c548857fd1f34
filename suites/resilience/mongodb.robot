*** Settings ***
Documentation     What the loss of MongoDB costs: historic views, as long as it is away, and nothing that was stored.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
A Deleted MongoDB Pod Is Replaced And Nothing Is Lost
    [Tags]    PZ-14715
    ${count} =    Get Recording Count
    ${written} =    Write Acknowledged Documents
    Delete Pod    mongodb
    Workload Should Recover By Itself    mongodb
    Every Acknowledged Document Should Be There    ${written}
    No Recording Should Be Lost Since    ${count}
    Views Should Open And Play

Without MongoDB Historic Views Are Refused And Start No Job
    [Tags]    PZ-14716    critical
    Take Down    mongodb
    ${since} =    Note The Time
    Historic View Should Be Unavailable    MongoDB
    Get Log Line Count    >=    1    workload=focus_server    level=error    containing=MongoDB    since=${since}
    Bring Back    mongodb
    Views Should Open And Play

Views Opened While MongoDB Restarts Are Opened Or Refused
    [Tags]    PZ-14717
    ${opener} =    Keep Opening Views    historic
    Kill Process    mongodb
    Workload Should Recover By Itself    mongodb
    Views Should Have Been Answered Cleanly    ${opener}    because=MongoDB

Losing MongoDB Stops Historic Playback But Not The Live View
    [Tags]    PZ-14718
    ${live} =    Open A Live View That Is Read
    Take Down    mongodb
    View Should Keep Running    ${live}
    Live View Should Be Served
    Historic View Should Be Unavailable    MongoDB
    Bring Back    mongodb
    Views Should Open And Play

A Frozen MongoDB Is Reported As Quickly As A Lost One
    [Tags]    PZ-13603
    Freeze    mongodb
    Historic View Should Be Unavailable    MongoDB
    Focus Server Should Answer
    Thaw    mongodb
    Views Should Open And Play

A MongoDB Whose Network Is Cut Is Reported Like A Lost One
    [Tags]    PZ-13767
    Cut The Network To    mongodb
    Historic View Should Be Unavailable    MongoDB
    Focus Server Should Answer
    Restore The Network To    mongodb
    Views Should Open And Play

What Is Recorded During An Outage Is Indexed And Played Afterwards
    [Tags]    PZ-13687
    ${count} =    Get Recording Count
    ${before} =    Note The Live Recording
    Take Down    mongodb
    Bring Back    mongodb
    No Recording Should Be Lost Since    ${count}
    ${recording} =    Everything Should Have Been Recorded Since    ${before}
    Historic View Should Play To Its End    ${recording}
    Get Collection Field    indexed_by    contains    start_time    content=recordings
    Get Collection Field    unique_by    contains    uuid    content=recordings
    Documents Should Fit Their Schema    recordings

MongoDB Recovers Within The Site's Budgets
    [Tags]    PZ-14719
    ${written} =    Write Acknowledged Documents
    ${pods} =    Note The Pods Of    mongodb
    Kill Process    mongodb
    Workload Should Recover By Itself    mongodb
    Every Acknowledged Document Should Be There    ${written}
    Pods Should Have Restarted Once Since    ${pods}
    Views Should Open And Play
