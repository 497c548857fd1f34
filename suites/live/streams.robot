*** Settings ***
Documentation     The streams of live views: which there are, what their frames hold, when their rows come.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Every Stream Gives Several Frames, However Few Channels It Has
    [Tags]    PZ-15202
    [Template]    Streams Of A New View Should Deliver
    channels=1-1    nfft=512
    channels=1-2    nfft=512
    channels=1-8    nfft=512
    channels=7    view_type=SingleChannel    nfft=4096

Amplitudes Are Numbers And Never Negative
    [Tags]    PZ-15203
    [Template]    Streams Of A New View Should Deliver
    channels=1-20    frequency=0-200 Hz
    channels=${SITE_DATA.limits.highest_channel - 9}-${SITE_DATA.limits.highest_channel}
    ...    nfft=128    frequency=500-1000 Hz

A Waterfall View Streams One Value A Channel
    [Tags]    PZ-N458
    ${view} =    Open Waterfall View    channels=1-8
    Every Stream Should Deliver Frames    ${view}    at_least=3

Frames Of A Stream Carry The Channels That The Answer Mapped To It
    [Tags]    PZ-N831
    ${view} =    Open Live View    channels=11-109
    ${mapped} =    Get Mapped Channels    ${view}    stream=2
    Get Frame Field    ${view}    channels    ==    ${mapped}    stream=2

A Live Stream Goes On
    [Tags]    PZ-N762
    ${view} =    Open Live View    channels=1-3    frequency=0-50 Hz
    Streams Of View Should Go On    ${view}    seconds=3

The Streams Of A Running View Can Be Read
    [Tags]    PZ-13294    smoke
    ${view} =    Open Live View    channels=1-3
    View Should Be Running    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=1

A Stream That The View Does Not Have Is Refused
    [Tags]    PZ-N457
    ${view} =    Open Live View    channels=1-2    nfft=256
    View Should Be Running    ${view}
    Stream Should Be Refused    ${view}    ${view.answer.stream_amount}
    Stream Should Be Refused    ${view}    -1
    Stream Should Be Refused    ${view}    2147483647
    Get Stream Field    ${view}    frames    >=    1    at_least=1

Rows Are As Far Apart As A Row Lasts
    [Tags]    PZ-14811
    [Template]    Streams Of A New View Should Deliver
    channels=1-3    nfft=256    duration=30    height=768
    channels=1-3    nfft=256    duration=1    height=3

Rows Come At The Rate Of The View
    [Tags]    PZ-N455
    ${view} =    Open Live View    channels=1-3    frequency=0-100 Hz    duration=10    height=500
    ${readings} =    Measure Streams Of View    ${view}
    Rate Of Rows Should Be Right    ${readings}    ${view}
    Frames Should Fit The View    ${readings}    ${view}

Two Readers Of A Stream See The Same
    [Tags]    PZ-14810
    ${view} =    Open Live View    channels=1-3    nfft=256
    ${readings} =    Read One Stream Twice    ${view}
    Every Stream Should Have Delivered    ${readings}    at_least=1
    Frames Should Fit The View    ${readings}    ${view}
    Both Readers Should Have The Same Rows    ${readings}

Stream And Waterfall Show The Same Rows
    [Tags]    PZ-12482
    ${view} =    Open Live View    channels=1-8    nfft=256    frequency=0-500 Hz
    Stream And Waterfall Should Show The Same    ${view}
