*** Settings ***
Documentation     Well-formed requests for a view that asks for what the site does not have: the server answers 400,
...               names the field, gives a reason and what is allowed, and opens nothing.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Channels That The Fibre Does Not Have Are Refused
    [Tags]    PZ-13427    smoke
    [Template]    View Should Be Refused
    channels=${SITE_DATA.limits.lowest_channel - 1}-50    field=channels.min    because=lowest channel
    channels=-1-50    field=channels.min    because=lowest channel
    channels=-50--1    field=channels.min    because=lowest channel
    channels=1-${SITE_DATA.limits.highest_channel + 1}    field=channels.max    because=maximum
    channels=2-${SITE_DATA.limits.highest_channel + 1}    field=channels.max
    ...    because=${SITE_DATA.limits.highest_channel}
    channels=1-${SITE_DATA.limits.highest_channel * 2}    field=channels.max    because=maximum
    channels=${SITE_DATA.limits.highest_channel + 1}    field=channels.max    because=maximum
    view_type=Waterfall    channels=1-${SITE_DATA.limits.highest_channel + 1}    field=channels.max    because=maximum
    view_type=Waterfall    channels=0-3    field=channels.min    because=lowest channel

The First Channel Is Not Behind The Last
    [Tags]    PZ-13876    smoke
    [Template]    View Should Be Refused
    channels=50-1    field=channels
    channels=2-1    field=channels
    channels=${SITE_DATA.limits.highest_channel}-1    field=channels
    view_type=SingleChannel    channels=10-5    field=channels
    view_type=Waterfall    channels=50-1    field=channels

Frequencies Have An Order And A Width
    [Tags]    PZ-13877    smoke
    [Template]    View Should Be Refused
    frequency=500-100 Hz    field=frequencyRange
    frequency=251-250 Hz    field=frequencyRange
    frequency=250-250 Hz    field=frequencyRange    because=at least
    frequency=0-0 Hz    field=frequencyRange    because=at least
    frequency=${SITE_DATA.limits.frequency_max_hz}-${SITE_DATA.limits.frequency_max_hz} Hz    field=frequencyRange
    frequency=-1-500 Hz    field=frequencyRange.min    because=negative
    frequency=-100-500 Hz    field=frequencyRange.min    because=negative
    frequency=-500--100 Hz    field=frequencyRange.min    because=negative
    view_type=SingleChannel    frequency=500-100 Hz    field=frequencyRange
    view_type=SingleChannel    frequency=-1-500 Hz    field=frequencyRange.min    because=negative

No Frequency Lies Above The Nyquist Limit
    [Tags]    PZ-13903    smoke
    [Template]    View Should Be Refused
    frequency=0-${SITE_DATA.limits.frequency_max_hz + 1} Hz    field=frequencyRange.max    because=Nyquist
    frequency=0-${SITE_DATA.limits.frequency_max_hz * 1.5} Hz    field=frequencyRange.max    because=limit
    frequency=${SITE_DATA.limits.frequency_max_hz - 1}-${SITE_DATA.limits.frequency_max_hz + 100} Hz
    ...    field=frequencyRange.max    because=Nyquist
    view_type=SingleChannel    frequency=0-${SITE_DATA.limits.frequency_max_hz + 1} Hz    field=frequencyRange.max
    ...    because=Nyquist

NFFT Follows The Rule Of The View Type
    [Tags]    PZ-13901    smoke
    [Template]    NFFT Should Be Answered
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1] * 2}    refused: at most ${SITE_DATA.limits.nfft_multi[-1]}
    MultiChannel    ${SITE_DATA.limits.nfft_single[-1]}    refused: at most ${SITE_DATA.limits.nfft_multi[-1]}
    MultiChannel    ${SITE_DATA.limits.nfft_multi[0] // 2}    refused: at least ${SITE_DATA.limits.nfft_multi[0]}
    MultiChannel    1    refused: at least ${SITE_DATA.limits.nfft_multi[0]}
    SingleChannel    ${SITE_DATA.limits.nfft_multi[-1] * 2}    accepted
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1] * 2}    refused: at most ${SITE_DATA.limits.nfft_single[-1]}
    SingleChannel    ${SITE_DATA.limits.nfft_single[0] // 2}    refused: at least ${SITE_DATA.limits.nfft_single[0]}

NFFT Of A MultiChannel View Is A Power Of Two
    [Tags]    PZ-13901
    [Template]    NFFT Should Be Answered
    MultiChannel    ${SITE_DATA.limits.nfft_multi[0] - 1}    refused: power of two
    MultiChannel    ${SITE_DATA.limits.nfft_multi[0] + 1}    refused: power of two
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1] - 1}    refused: power of two
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1] + 1}    refused: power of two
    MultiChannel    100    refused: power of two
    MultiChannel    1000    refused: power of two
    MultiChannel    3000    refused: power of two
    MultiChannel    100000    refused: power of two

NFFT Of A SingleChannel View Is A Power Of Two
    [Tags]    PZ-13822
    [Template]    NFFT Should Be Answered
    SingleChannel    1000    refused: power of two
    SingleChannel    300    refused: power of two
    SingleChannel    ${SITE_DATA.limits.nfft_single[0] + 1}    refused: power of two
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1] - 1}    refused: power of two
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1] + 1}    refused: power of two

NFFT Is Above Zero
    [Tags]    PZ-13874    smoke
    [Template]    NFFT Should Be Answered
    MultiChannel    0    refused: positive
    MultiChannel    -1    refused: positive
    MultiChannel    -1024    refused: positive
    SingleChannel    0    refused: positive
    SingleChannel    -1    refused: positive

The Height Of A View Is Above Zero
    [Tags]    PZ-13821    smoke
    [Template]    View Should Be Refused
    view_type=MultiChannel    height=0    field=displayInfo.height    because=positive
    view_type=MultiChannel    height=-1    field=displayInfo.height    because=positive
    view_type=MultiChannel    height=-100    field=displayInfo.height    because=height
    view_type=SingleChannel    height=0    field=displayInfo.height    because=positive
    view_type=SingleChannel    height=-1    field=displayInfo.height    because=height
    view_type=Waterfall    height=0    field=displayInfo.height    because=positive
    view_type=Waterfall    height=-1    field=displayInfo.height    because=height

A Row Is Not Shorter Than A Millisecond
    [Tags]    PZ-N307
    Rows Shorter Than A Millisecond Should Be Refused
    Rows Of A Millisecond Should Be Answered As Asked

The Display Time Of A View Is Above Zero
    [Tags]    PZ-N302
    [Template]    View With Should Be Refused
    displayTimeAxisDuration    ${0}    because=positive
    displayTimeAxisDuration    ${-1}    because=positive
    displayTimeAxisDuration    ${-0.001}    because=positive
    displayTimeAxisDuration    ${-10}

A View Is MultiChannel, SingleChannel Or Waterfall
    [Tags]    PZ-13878    smoke
    [Template]    View With Should Be Refused
    view_type    ${3}    because=out of range
    view_type    ${-1}    because=view_type
    view_type    ${4}
    view_type    ${99}
    view_type    ${100}
    view_type    ${999}    because=view_type
    view_type    3    because=out of range
    view_type    99
    view_type    -1

A Region Of Interest Is A Change To An Open View
    [Documentation]    ROI is a word of the operators' screen, not a type of view: the refusal names what it is.
    [Tags]    PZ-N303
    View With Should Be Refused    view_type    ${3}    because=region of interest is a change to an open view

A SingleChannel View Has One Channel
    [Tags]    PZ-13823    smoke
    [Template]    View Should Be Refused
    view_type=SingleChannel    channels=5-10    field=channels    because=single    allowed=channels.min = channels.max
    view_type=SingleChannel    channels=7-8    field=channels    because=single    allowed=channels.min = channels.max

A SingleChannel View Has A Channel Of The Fibre
    [Tags]    PZ-13824
    [Template]    View Should Be Refused
    view_type=SingleChannel    channels=0    field=channels.min    because=lowest channel
    view_type=SingleChannel    channels=-1    field=channels.min    because=lowest channel
    view_type=SingleChannel    channels=-10    field=channels.min    because=lowest channel
    view_type=SingleChannel    channels=${SITE_DATA.limits.highest_channel + 1}    field=channels.max    because=maximum
    view_type=SingleChannel    channels=${SITE_DATA.limits.highest_channel * 5}    field=channels.max    because=maximum
