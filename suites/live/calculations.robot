*** Settings ***
Documentation     The specification's formulas for calculated fields. Where the server follows other rules, the key is
...               an open question in ``variables/known_bugs.yaml``.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Frequency Resolution Is PRR / NFFT
    [Tags]    PZ-14060
    ${view} =    Open Live View    channels=1-8    nfft=1024
    Frequency Step Should Follow The Specification    ${view}

Number Of Bins Is NFFT / 2 + 1
    [Tags]    PZ-14061
    ${view} =    Open Live View    channels=1-8    nfft=1024
    Number Of Bins Should Follow The Specification    ${view}

Time Of A Row Is Half A Transform
    [Tags]    PZ-14066
    ${view} =    Open Live View    channels=1-8    nfft=512
    Time Of A Row Should Follow The Specification    ${view}

Each Channel Has Its Own Stream
    [Tags]    PZ-14070
    ${view} =    Open Live View    channels=1-8
    Each Channel Should Have Its Own Stream    ${view}

Number Of Channels Counts Both Ends
    [Tags]    PZ-14069
    [Template]    MultiChannel View Should Answer What Was Asked
    5-10
    1-100
