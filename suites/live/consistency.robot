*** Settings ***
Documentation     The same question has the same answer, however often and at whatever moment it is asked; and what
...               comes out of order does no harm.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
The Same Request Is Calculated The Same Way Each Time
    [Tags]    PZ-13292
    ${one} =    Open Live View    channels=11-30    nfft=512
    ${two} =    Open Live View    channels=11-30    nfft=512
    ${three} =    Open Live View    channels=11-30    nfft=512
    VAR    @{views} =    ${one}    ${two}    ${three}
    Views Should Be Calculated Alike    ${views}
    Each View Should Answer What Was Asked    ${views}

A SingleChannel View Asked For Twice Shows The Same Channel Twice
    [Tags]    PZ-13853
    ${one} =    Open Live View    channels=7    view_type=SingleChannel    nfft=1024
    ${other} =    Open Live View    channels=7    view_type=SingleChannel    nfft=1024
    VAR    @{views} =    ${one}    ${other}
    Views Should Be Mapped Alike    ${one}    ${other}
    Views Should Be Calculated Alike    ${views}
    Every Stream Of Each View Should Deliver Frames    ${views}

Requests At The Same Time Have The Same Answer
    [Tags]    PZ-N460
    ${view} =    Open Live View    channels=1-3
    View Should Be Running    ${view}
    Concurrent Requests Should Be Answered Alike    /metadata/${view.job_id}    at_once=5
    Concurrent Requests Should Be Answered Alike    /ack/${view.job_id}    at_once=5

A View That Is Closed Before It Runs Is Gone
    [Tags]    PZ-12483
    ${view} =    Open Live View    channels=1-3
    Closed View Should Be Gone    ${view}
    View Should Not Be Streamed    ${view}

A Closed View Cannot Be Closed Again
    [Tags]    PZ-12483
    ${view} =    Open Live View    channels=1-3
    View Should Be Running    ${view}
    Close View    ${view}
    Closed View Should Be Unknown To    ${view}    DELETE    /job/${view.job_id}
    Closed View Should Be Unknown To    ${view}    GET    /metadata/${view.job_id}
    Closed View Should Be Unknown To    ${view}    GET    /waterfall/${view.job_id}/10

Closing A View Ends Its Open Streams
    [Tags]    PZ-12483
    ${view} =    Open Live View    channels=1-3    nfft=256
    Closing The View Should End Its Streams    ${view}
    View Should Be Gone    ${view}

A Closed View Leaves The Others Alone
    [Tags]    PZ-12483
    ${one} =    Open Live View    channels=1-3    nfft=256
    ${other} =    Open Live View    channels=4-6    nfft=256
    View Should Be Running    ${one}
    View Should Be Running    ${other}
    Closed View Should Be Gone    ${one}
    View Should Be Running    ${other}
    Every Stream Should Deliver Frames    ${other}    at_least=1

The Port Of A Closed View Refuses Connections
    [Tags]    PZ-14784
    ${view} =    Open Live View    channels=1-3    nfft=256
    View Should Be Running    ${view}
    Closed View Should Be Gone    ${view}
    View Should Not Be Streamed    ${view}
