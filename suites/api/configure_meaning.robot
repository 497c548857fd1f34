*** Settings ***
Documentation     Well-formed requests for a view that asks for what the site does not have: the server answers 400 with
...               a reason, and opens nothing.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Channels That The Fibre Does Not Have Are Refused
    [Tags]    PZ-13427    smoke
    [Template]    View Should Be Refused
    channels=0-50    because=channels
    channels=-1-50    because=channels
    channels=1-${SITE_DATA.limits.highest_channel + 1}    because=${SITE_DATA.limits.highest_channel}

The First Channel Is Not Behind The Last
    [Tags]    PZ-13876    smoke
    View Should Be Refused    channels=50-1    because=channels

Frequencies Have An Order And A Width
    [Tags]    PZ-13877    smoke
    [Template]    View Should Be Refused
    frequency=500-100 Hz    because=frequencyRange
    frequency=250-250 Hz    because=frequencyRange
    frequency=-100-500 Hz    because=frequencyRange

No Frequency Lies Above The Nyquist Limit
    [Tags]    PZ-13903    smoke
    [Template]    View Should Be Refused
    frequency=0-${SITE_DATA.limits.frequency_max_hz + 1} Hz    because=nyquist
    frequency=0-${SITE_DATA.limits.frequency_max_hz * 1.5} Hz    because=nyquist

NFFT Follows The Rule Of The View Type
    [Tags]    PZ-13901    smoke
    [Template]    NFFT Should Be Answered
    MultiChannel    ${SITE_DATA.limits.nfft_multi[0]}    accepted
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1]}    accepted
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1] * 2}    refused: at most ${SITE_DATA.limits.nfft_multi[-1]}
    MultiChannel    ${SITE_DATA.limits.nfft_multi[0] // 2}    refused: at least ${SITE_DATA.limits.nfft_multi[0]}
    MultiChannel    1000    refused: power of two
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1]}    accepted
    SingleChannel    1000    refused: power of two
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1] * 2}    refused: at most ${SITE_DATA.limits.nfft_single[-1]}

NFFT Is Above Zero
    [Tags]    PZ-13874    smoke
    [Template]    NFFT Should Be Answered
    MultiChannel    0    refused: positive
    MultiChannel    -1    refused: positive
    SingleChannel    0    refused: positive

The Height Of A View Is Above Zero
    [Tags]    PZ-13821    smoke
    [Template]    View Should Be Refused
    view=MultiChannel    height=0    because=height
    view=MultiChannel    height=-100    because=height
    view=SingleChannel    height=0    channels=7    because=height

A View Is MultiChannel, SingleChannel Or Waterfall
    [Tags]    PZ-13878    smoke
    [Template]    View With Should Be Refused
    view_type    ${3}    because=view_type    status=400
    view_type    ${-1}    because=view_type    status=400
    view_type    ${999}    because=view_type    status=400

A SingleChannel View Has One Channel
    [Tags]    PZ-13823    smoke
    View Should Be Refused    view=SingleChannel    channels=5-10    because=channel

A SingleChannel View Has A Channel Of The Fibre
    [Tags]    PZ-13824
    [Template]    View Should Be Refused
    view=SingleChannel    channels=0    because=channel
    view=SingleChannel    channels=-1    because=channel
    view=SingleChannel    channels=${SITE_DATA.limits.highest_channel + 1}    because=channel
