*** Settings ***
Documentation     The specification's formulas for calculated fields. Where the server follows other rules, the key is
...               an open question in ``variables/known_bugs.yaml``; the rules at run time have tests of their own.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Frequency Resolution Is PRR / NFFT
    [Tags]    PZ-14060
    [Template]    Frequency Step Should Follow The Specification
    128
    256
    512
    1024
    2048
    4096

Number Of Bins Is NFFT / 2 + 1
    [Tags]    PZ-14061
    [Template]    Number Of Frequencies Should Follow The Specification
    256
    512
    1024
    2048

Frequencies Reach Up To The Nyquist Limit And Not Beyond
    [Tags]    PZ-14062
    ${view} =    Open Live View Up To The Nyquist Limit
    Highest Frequency Should Be Next To Half The Pulse Rate    ${view}

Time Of A Row Is Half A Transform
    [Tags]    PZ-14066
    ${view} =    Open Live View    channels=1-8    nfft=512
    Time Of A Row Should Follow The Specification    ${view}

Output Rate Is Two Rows A Transform
    [Tags]    PZ-14067
    ${view} =    Open Live View    channels=1-8    nfft=512
    Output Rate Should Follow The Specification    ${view}

Window Of A Transform Is NFFT / PRR
    [Tags]    PZ-14068
    [Template]    Window Of A Transform Should Follow The Specification
    256
    512
    1024

Number Of Channels Counts Both Ends
    [Tags]    PZ-14069
    [Template]    Channels Should Be Counted
    1    1    1
    1    8    8
    5    10    6
    1    100    100

A Single Channel Is Counted Once
    [Tags]    PZ-14069
    [Template]    One Channel Should Be Counted
    1
    5
    10
    50
    100

Each Channel Has Its Own Stream
    [Tags]    PZ-14070
    ${view} =    Open Live View    channels=1-8
    Each Channel Should Have Its Own Stream    ${view}

There Are As Many Streams As Channels
    [Tags]    PZ-14071
    ${view} =    Open Live View    channels=1-8
    There Should Be A Stream For Each Channel    ${view}

Transforms Of The Usual View Overlap
    [Tags]    PZ-14073
    ${view} =    Open Live View    channels=1-3
    Overlap Of Transforms Should Be Between    ${view}    0    1

The Data Rate Of Streams Follows The Formula
    [Tags]    PZ-14078
    ${view} =    Open Live View    channels=1-8    nfft=256    frequency=0-500 Hz
    Measured Data Rate Should Follow The Formula    ${view}

The Memory Of A Row Follows The Formula
    [Tags]    PZ-14079
    ${view} =    Open Live View    channels=1-8    nfft=512    frequency=0-500 Hz
    Memory Of A Row Should Follow The Formula    ${view}
