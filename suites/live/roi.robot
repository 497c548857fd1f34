*** Settings ***
Documentation     The region of interest (ROI) of an open view is changed: the channels follow as asked, and nothing
...               else does. The client calls a change by more than half of the old span unsafe; the server makes it.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Growing The ROI Adds Channels And Changes Nothing Else
    [Tags]    PZ-13787    smoke
    ${view} =    Open Live View    channels=50-150    nfft=256    height=200
    Change ROI    ${view}    channels=1-201
    View Should Show Channels    ${view}    1-201
    Only Channels Should Have Changed    ${view}

Shrinking The ROI Changes The Channels And Nothing Else
    [Tags]    PZ-13788
    ${view} =    Open Live View    channels=11-211    nfft=256    height=200
    Change ROI    ${view}    channels=61-111
    View Should Show Channels    ${view}    61-111
    Only Channels Should Have Changed    ${view}

Shifting The ROI Keeps The Number Of Channels
    [Tags]    PZ-13789
    ${view} =    Open Live View    channels=1-101    nfft=256    height=200
    ${changed} =    Change ROI    ${view}    channels=51-151
    View Should Show Channels    ${view}    51-151
    Only Channels Should Have Changed    ${view}
    Metadata Should Match The View    ${changed}

The Last Of Several ROI Changes Holds
    [Tags]    PZ-13786
    ${view} =    Open Live View    channels=1-50    nfft=256    height=200
    ${changed} =    Channels Should Become    ${view}    50-150
    ${changed} =    Channels Should Become    ${changed}    1-201
    ${changed} =    Channels Should Become    ${changed}    101-151
    Channels Should Become    ${changed}    1-50
    Metadata Should Match The View    ${view}

A Small ROI Has Two Channels, Or One
    [Tags]    PZ-13794
    ${view} =    Open Live View    channels=1-50    nfft=256    height=200
    ${changed} =    Channels Should Become    ${view}    100-101
    ${changed} =    Change View    ${changed}    channels=7
    Metadata Should Match The View    ${changed}
    View Should Show Channels    ${view}    7

The ROI May Be The Whole Fibre
    [Tags]    PZ-13795
    ${view} =    Open Live View    channels=1-50    nfft=128    frequency=0-500 Hz
    Channels Should Become    ${view}    ${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}

A ROI From Zero Begins At The First Channel
    [Tags]    PZ-13796
    ${view} =    Open Live View    channels=101-150    nfft=256    height=200
    Change ROI    ${view}    channels=0-50
    View Should Show Channels    ${view}    ${SITE_DATA.limits.lowest_channel}-50
    Only Channels Should Have Changed    ${view}

The ROI Of A SingleChannel View Moves To Another Channel
    [Tags]    PZ-N400
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=256
    ${changed} =    Channels Should Become    ${view}    9
    View Should Show Channels    ${changed}    9

The ROI Of A Waterfall View Changes Its Channels
    [Tags]    PZ-N401
    ${view} =    Open Waterfall View    channels=1-50    height=200
    Channels Should Become    ${view}    21-40

A Safe ROI Change Is Made
    [Documentation]    By at most half of the old span, in size or place.
    [Tags]    PZ-13800
    [Template]    Channels Of A New View Should Become
    1-100    1-140
    1-100    1-60
    1-100    41-140

An Unsafe ROI Change Is Made As Asked
    [Documentation]    A jump, another size, another place: each by more than half of the old span.
    [Tags]    PZ-13797
    [Template]    Channels Of A New View Should Become
    1-100    901-1000
    1-100    1-200
    1-100    1-30
    1-100    81-180

The Number Of Channels Is That Of The ROI
    [Tags]    PZ-N402
    [Template]    Channels Of A New View Should Become
    11-60    1-50
    11-60    1-100

Whatever The ROI, Nothing Else Changes
    [Tags]    PZ-N403
    [Setup]    Open A View To Change    channels=301-350
    [Template]    Channels Should Become
    ${VIEW}    1-50
    ${VIEW}    1-100
    ${VIEW}    1-200
    ${VIEW}    1-2
    ${VIEW}    2-3
    ${VIEW}    1-3
    ${VIEW}    1-4
    ${VIEW}    10-20
    ${VIEW}    11-109
    ${VIEW}    50-150

Wherever The ROI, Nothing Else Changes
    [Tags]    PZ-N403
    [Setup]    Open A View To Change    channels=301-350
    [Template]    Channels Should Become
    ${VIEW}    51-100
    ${VIEW}    99-100
    ${VIEW}    100-200
    ${VIEW}    150-450
    ${VIEW}    300-349
    ${VIEW}    302-351
    ${VIEW}    301-351
    ${VIEW}    500-1000
    ${VIEW}    2000-${SITE_DATA.limits.highest_channel}
    ${VIEW}    ${SITE_DATA.limits.highest_channel - 1}-${SITE_DATA.limits.highest_channel}

Whatever The View, Only Its Channels Follow The ROI
    [Tags]    PZ-N404
    [Template]    Channels Of A View Should Become
    1-100    nfft=256    frequency=0-500 Hz    duration=10
    1-100    nfft=512    frequency=0-500 Hz    duration=10
    1-100    nfft=1024    frequency=0-500 Hz    duration=10
    1-100    nfft=2048    frequency=0-500 Hz    duration=10
    1-100    nfft=1024    frequency=0-1000 Hz    duration=10
    1-100    nfft=1024    frequency=100-400 Hz    duration=10
    1-100    nfft=1024    frequency=0-500 Hz    duration=30
    1-100    nfft=512    frequency=0-1000 Hz    duration=60
