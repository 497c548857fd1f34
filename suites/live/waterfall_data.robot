*** Settings ***
Documentation     What the rows of a view hold: the same each time, in order, of now, and never a negative amplitude.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Five Samples Of A Waterfall Have One Shape And The Same Channels
    [Tags]    PZ-14808
    ${view} =    Open Live View    channels=11-30    nfft=256    frequency=0-200 Hz
    Rows Should Stay The Same    ${view}    samples=5    rows=20

Rows Of The Same Time Are The Same In Ten Requests
    [Tags]    PZ-14810
    ${view} =    Open Live View    channels=1-8    nfft=256
    Rows Should Stay The Same    ${view}    samples=10    rows=50

Rows Carry The Time Of The Server
    [Documentation]    Each newest row ended at most two seconds before the server's clock, and none lies ahead of it by
    ...    more than that clock's whole seconds and the answer's duration hide.
    [Tags]    PZ-14811
    ${view} =    Open Live View    channels=1-3    nfft=128
    Rows Should Stay The Same    ${view}    samples=5    rows=3

No Amplitude Of Any Kind Of View Is Negative
    [Tags]    PZ-N444
    [Template]    Rows Of A View Should Be Valid
    channels=1-20    nfft=1024
    channels=7    nfft=1024    view_type=SingleChannel
    channels=1-20    view_type=Waterfall
    channels=1-3    nfft=4096
    channels=${SITE_DATA.limits.highest_channel - 9}-${SITE_DATA.limits.highest_channel}
    ...    nfft=128    frequency=0-100 Hz

Highest And Lowest Amplitude Are Those Of The Rows
    [Tags]    PZ-N445
    ${view} =    Open Live View    channels=11-30    nfft=256
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1    5    20

Rows Follow A Change Of The View
    [Tags]    PZ-N446
    ${view} =    Open Live View    channels=1-50    nfft=256    frequency=0-500 Hz
    Waterfall Should Show The View    ${view}    rows=20
    ${changed} =    Change View    ${view}    channels=61-80    nfft=512    duration=20
    Waterfall Should Hold As Many Rows As Asked For    ${changed}    1
    Waterfall Should Show The View    ${changed}    rows=20

Rows Of A Waterfall View Follow A Change Of Its Height
    [Tags]    PZ-N446
    ${view} =    Open Waterfall View    channels=1-8    height=200
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1
    ${changed} =    Change View    ${view}    height=600
    Metadata Should Match The View    ${changed}
    Waterfall Should Hold As Many Rows As Asked For    ${changed}    1    10
