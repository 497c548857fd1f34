*** Settings ***
Documentation     The rules that the server's calculated fields follow at run time, with the values of recorded answers.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Frequencies Are PRR / (NFFT + 1) Apart
    [Tags]    PZ-N450
    [Template]    Frequency Step Should Follow The Rule
    MultiChannel    128
    MultiChannel    512
    MultiChannel    ${SITE_DATA.limits.nfft_multi[-1]}
    SingleChannel    128
    SingleChannel    8192
    SingleChannel    ${SITE_DATA.limits.nfft_single[-1]}

Frequencies Of A View Rise In Equal Steps
    [Tags]    PZ-N830
    ${view} =    Open Live View    channels=11-109
    Get Frequency Steps    ${view}    >    0 Hz
    Get View Field    ${view}    step_deviation    <=    1 %

Frequencies Are Those Of The Range
    [Tags]    PZ-N451
    [Template]    Frequencies Should Be
    0-1000 Hz    1024    512    0    997.07
    0-500 Hz    1024    256    0    497.56
    100-500 Hz    1024    204    101.46    497.56
    0-500 Hz    256    64    0    490.27
    0-1 Hz    1024    1    0    0
    600-601 Hz    256    1    599.22    599.22

A Row Lasts Display Time / Height
    [Tags]    PZ-N452
    [Template]    Time Of A Row Should Be
    300    600    0.5
    30    768    0.0390625
    10    1000    0.01
    0.5    10    0.05

A Row Of A Waterfall Shares Out Half A Minute
    [Tags]    PZ-N453
    [Template]    Time Of A Waterfall Row Should Be
    600    0.05
    1000    0.03

Channels Are Spread Over Up To Three Streams
    [Tags]    PZ-N454
    [Template]    Channels Should Be Spread Over Streams
    1    1
    1-2    1    1
    1-3    1    1    1
    1-4    2    2
    1-7    3    3    1
    1-8    3    3    2
    1-50    17    17    16

A View Whose Rows Would Hardly Overlap Is Still Calculated Right
    [Tags]    PZ-13558
    [Template]    Live View Should Be Answered As Asked
    channels=1-3    duration=300    height=600    nfft=512
    channels=1-3    duration=300    height=600    nfft=1024

A View Of Part Of The Frequencies Is Calculated Right
    [Tags]    PZ-13902
    [Template]    Live View Should Be Answered As Asked
    channels=1-8    frequency=100-500 Hz
    channels=1-8    frequency=0-1 Hz
    channels=1-8    frequency=${SITE_DATA.limits.frequency_max_hz - 1}-${SITE_DATA.limits.frequency_max_hz} Hz
