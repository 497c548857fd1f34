*** Settings ***
Documentation     Everything that /configure has to accept, up to the ends of what the site allows. Every value of every
...               answer is checked against what was asked for.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Every NFFT Of A MultiChannel View Is Accepted
    [Tags]    PZ-13901    smoke
    Each NFFT Should Be Answered As Asked    ${SITE_DATA.limits.nfft_multi}    view_type=MultiChannel    channels=1-3

Every NFFT Of A SingleChannel View Is Accepted
    [Tags]    PZ-13901    smoke
    Each NFFT Should Be Answered As Asked    ${SITE_DATA.limits.nfft_single}    view_type=SingleChannel    channels=7

Channels Are Accepted Up To Both Ends Of The Fibre
    [Tags]    PZ-13873
    [Template]    Live View Should Be Answered As Asked
    channels=${SITE_DATA.limits.lowest_channel}
    channels=${SITE_DATA.limits.highest_channel}
    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.lowest_channel + 1}
    channels=${SITE_DATA.limits.highest_channel - 1}-${SITE_DATA.limits.highest_channel}
    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel - 1}
    channels=${SITE_DATA.limits.lowest_channel + 1}-${SITE_DATA.limits.highest_channel}
    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}

Any Number Of Channels Is Accepted
    [Tags]    PZ-13873
    [Template]    Live View Should Be Answered As Asked
    channels=11-13
    channels=11-14
    channels=11-15
    channels=11-16
    channels=11-17
    channels=11-60
    channels=11-109
    channels=11-110
    channels=501-1500

Frequencies Are Accepted Up To The Nyquist Limit
    [Tags]    PZ-13902    smoke
    [Template]    Live View Should Be Answered As Asked
    channels=1-3    frequency=0-${SITE_DATA.limits.frequency_max_hz} Hz
    channels=1-3    frequency=0-${SITE_DATA.limits.frequency_max_hz - 1} Hz
    channels=1-3    frequency=1-${SITE_DATA.limits.frequency_max_hz} Hz
    channels=1-3    frequency=${SITE_DATA.limits.frequency_max_hz - 100}-${SITE_DATA.limits.frequency_max_hz} Hz
    channels=1-3    frequency=0-500 Hz
    channels=1-3    frequency=250-750 Hz
    channels=1-3    frequency=0-10 Hz

Display Height And Time Are Accepted
    [Tags]    PZ-N300
    [Template]    Live View Should Be Answered As Asked
    channels=1-3    height=1
    channels=1-3    height=2
    channels=1-3    height=768    duration=30
    channels=1-3    height=600    duration=300
    channels=1-3    duration=1
    channels=1-3    duration=60
    channels=1-3    duration=10.5
    channels=1-3    duration=${SITE_DATA.defaults.duration_s}    height=${SITE_DATA.defaults.height}

The Limits Named In Refusals Hold
    [Tags]    PZ-N301
    [Template]    Stated Limits Should Hold
    height    duration=1000
    duration

The Site's Defaults Are Accepted
    [Documentation]    What is not asked for is the site's default.
    [Tags]    PZ-13423    smoke    critical
    Live View Should Be Answered As Asked

The View With The Most Data Is Accepted
    [Tags]    PZ-13905
    Live View Should Be Answered As Asked
    ...    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}
    ...    nfft=${SITE_DATA.limits.nfft_multi[-1]}
    ...    frequency=0-${SITE_DATA.limits.frequency_max_hz} Hz

The View With The Least Data Is Accepted
    [Tags]    PZ-13906
    [Template]    Live View Should Be Answered As Asked
    channels=1    nfft=${SITE_DATA.limits.nfft_multi[0]}    frequency=0-16 Hz    height=1
    channels=1    nfft=${SITE_DATA.limits.nfft_single[0]}    frequency=0-16 Hz    height=1    view_type=SingleChannel

Rows Much Shorter Or Longer Than A Transform Are Accepted
    [Tags]    PZ-13558
    [Template]    Live View Should Be Answered As Asked
    channels=1-3    nfft=${SITE_DATA.limits.nfft_multi[0]}    duration=100    height=10
    channels=1-3    nfft=${SITE_DATA.limits.nfft_multi[-1]}    duration=10    height=1000
    channels=7    nfft=${SITE_DATA.limits.nfft_single[-1]}    duration=10    height=1000    view_type=SingleChannel
