*** Settings ***
Documentation     What the loss of the recorder costs: at most one gap in the recordings, and no live view.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
A Deleted Recorder Pod Is Replaced And Records Again
    [Tags]    PZ-14733
    ${count} =    Get Recording Count
    ${before} =    Note The Live Recording
    Delete Pod    segy_recorder
    Workload Should Recover By Itself    segy_recorder
    Recording Should Go On Since    ${before}
    No Recording Should Be Lost Since    ${count}

A Recorder Scaled To Zero And Back Records Again
    [Tags]    PZ-14734
    ${before} =    Note The Live Recording
    Take Down    segy_recorder
    Bring Back    segy_recorder
    Pods Of Workload Should Be Ready    segy_recorder
    Recording Should Go On Since    ${before}

A Recorder Killed While It Records Leaves One Gap At Most
    [Tags]    PZ-14735
    ${before} =    Note The Live Recording
    Kill Process    segy_recorder
    ${outage} =    Workload Should Recover By Itself    segy_recorder
    Recording Should Go On Since    ${before}
    Recording Should Have One Gap At Most Since    ${before}    seconds=${outage.seconds_lost}

Live Views Do Not Notice An Outage Of The Recorder
    [Tags]    PZ-14736
    ${before} =    Note The Live Recording
    ${live} =    Open A Live View That Is Read
    Take Down    segy_recorder
    View Should Keep Running    ${live}
    Live View Should Be Served Or Clearly Refused    because=recorder
    ${outage} =    Bring Back    segy_recorder
    Recording Should Go On Since    ${before}
    Recording Should Have One Gap At Most Since    ${before}    seconds=${outage.seconds_lost}

The Recorder Recovers Within The Site's Budgets
    [Tags]    PZ-14737
    ${before} =    Note The Live Recording
    Freeze    segy_recorder
    Thaw    segy_recorder
    Pods Of Workload Should Be Ready    segy_recorder
    Get Recording Count    >    0    state=historic
    Get Recording Count    >    0    state=live    within=5 s
    Recordings Should Be Only    historic    live    deleted
    Recording Should Have One Gap At Most Since    ${before}    seconds=5
