*** Settings ***
Documentation     GET /metadata/{id}: the answer of the view once more, with NFFT, channels, frequencies and time
...               status as they were asked for.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Metadata Repeat A View Of Any Channels And NFFT
    [Tags]    PZ-14760    smoke
    [Template]    Metadata Should Repeat A View
    channels=1-8    nfft=512    frequency=0-500 Hz
    channels=11-109    nfft=1024    frequency=0-1000 Hz
    channels=5-5    nfft=128    frequency=100-400 Hz    duration=30    height=768

Metadata Repeat A SingleChannel View
    [Tags]    PZ-13860
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=2048
    Metadata Should Match The View    ${view}

Metadata Of A Waterfall View Have No Frequencies
    [Tags]    PZ-N430
    ${view} =    Open Waterfall View    channels=1-50    height=200
    Metadata Should Match The View    ${view}

Metadata Repeat A Historic View
    [Tags]    PZ-N431
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=200
    Metadata Should Match The View    ${view}

Metadata Are Readable Right After A View Was Opened
    [Tags]    PZ-13293    smoke
    [Template]    Metadata Should Repeat A View
    channels=1-3
    channels=4-6
    channels=7-9

Metadata Are Complete While The Job Still Waits
    [Tags]    PZ-14761
    ${view} =    Metadata Of A New View Should Be There    channels=1-8
    View Should Be Running    ${view}
    Metadata Should Match The View    ${view}

Metadata Agree With The Live Metadata
    [Tags]    PZ-14763
    ${view} =    Open Live View    channels=1-8    nfft=256
    Metadata Should Match The View    ${view}
    Metadata Should Agree With Live Metadata    ${view}

Metadata Stay The Same
    [Tags]    PZ-14809
    ${view} =    Open Live View    channels=1-8    nfft=256
    Metadata Should Match The View    ${view}
    ${before} =    Get Metadata    ${view}
    Get Metadata    ${view}    ==    ${before}    The metadata of the ${view} have changed.    during=1 s

Views Keep Metadata Of Their Own
    [Tags]    PZ-N432
    ${one} =    Open Live View    channels=1-8    nfft=256
    ${other} =    Open Live View    channels=11-30    nfft=512
    Metadata Should Match The View    ${one}
    Metadata Should Match The View    ${other}
    Closed View Should Be Gone    ${one}
    Metadata Should Match The View    ${other}

Metadata Of Unknown Jobs Are Not Found
    [Tags]    PZ-14762
    [Template]    Metadata Should Not Be Found
    999-999999
    0-0
    no such job
    test@#$%task
    ${ID OF 300 SIGNS}
    1-1'--

Metadata Go With Their View
    [Tags]    PZ-13563
    ${view} =    Open Live View    channels=1-8    nfft=256
    Metadata Should Match The View    ${view}
    Closed View Should Be Gone    ${view}
    Metadata Should Not Be Found    ${view.job_id}
