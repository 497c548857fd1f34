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
    [Template]    Live View Should Follow The Formula
    frequency_step    1 %    channels=1-3    nfft=128
    frequency_step    1 %    channels=1-3    nfft=256
    frequency_step    1 %    channels=1-3    nfft=512
    frequency_step    1 %    channels=1-3    nfft=1024
    frequency_step    1 %    channels=1-3    nfft=2048
    frequency_step    1 %    channels=1-3    nfft=4096

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
    ${step} =    Get View Field    ${view}    frequency_step
    View Should Follow The Formula    ${view}    last_frequency    tolerance=${step}

Time Of A Row Is Half A Transform
    [Tags]    PZ-14066
    ${view} =    Open Live View    channels=1-8    nfft=512
    View Should Follow The Formula    ${view}    row_seconds    tolerance=1 %

Output Rate Is Two Rows A Transform
    [Tags]    PZ-14067
    ${view} =    Open Live View    channels=1-8    nfft=512
    View Should Follow The Formula    ${view}    rows_a_second    tolerance=1 %

Window Of A Transform Is NFFT / PRR
    [Tags]    PZ-14068
    [Template]    Live View Should Follow The Formula
    transform_seconds    1 %    channels=1-3    nfft=256
    transform_seconds    1 %    channels=1-3    nfft=512
    transform_seconds    1 %    channels=1-3    nfft=1024

Number Of Channels Counts Both Ends
    [Tags]    PZ-14069
    [Template]    Channels Should Be Counted
    1    1
    1-8    8
    5-10    6
    1-100    100

A Single Channel Is Counted Once
    [Tags]    PZ-14069
    [Template]    Channels Should Be Counted
    1    1    view_type=SingleChannel
    5    1    view_type=SingleChannel
    10    1    view_type=SingleChannel
    50    1    view_type=SingleChannel
    100    1    view_type=SingleChannel

A Single Channel Is In The Only Stream
    [Tags]    PZ-14069
    [Template]    Channels Should Be Spread Over Streams
    1    1    view_type=SingleChannel
    100    1    view_type=SingleChannel

Each Channel Has Its Own Stream
    [Tags]    PZ-14070
    ${view} =    Open Live View    channels=1-8
    View Should Follow The Formula    ${view}    stream_count
    Streams Should Have Channels    ${view}    1    1    1    1    1    1    1    1

There Are As Many Streams As Channels
    [Tags]    PZ-14071
    ${view} =    Open Live View    channels=1-8
    View Should Follow The Formula    ${view}    stream_amount

Transforms Of The Usual View Overlap
    [Tags]    PZ-14073
    ${view} =    Open Live View    channels=1-3
    Get View Field    ${view}    transform_overlap    >=    0 %
    Get View Field    ${view}    transform_overlap    <=    100 %

The Data Rate Of Streams Follows The Formula
    [Tags]    PZ-14078
    ${view} =    Open Live View    channels=1-8    nfft=256    frequency=0-500 Hz
    ${readings} =    Measure Streams Of View    ${view}
    ${rate} =    Get Formula Value    ${view}    bytes_a_second
    Data Rate Should Be About    ${readings}    ${rate}

The Memory Of A Row Follows The Formula
    [Tags]    PZ-14079
    ${view} =    Open Live View    channels=1-8    nfft=512    frequency=0-500 Hz
    ${readings} =    Read Streams Of View    ${view}    at_least=2
    Every Stream Should Have Delivered    ${readings}    at_least=2
    Each Row Should Take The Bytes Of The Formula    ${readings}    ${view}
