*** Settings ***
Documentation     Several views at once: none takes anything from another.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Views Opened One After The Other Have Jobs And Ports Of Their Own
    [Tags]    PZ-13565    smoke
    ${one} =    Open Live View    channels=1-3
    ${two} =    Open Live View    channels=1-3
    ${three} =    Open Live View    channels=1-3
    VAR    @{views} =    ${one}    ${two}    ${three}
    Views Should Not Share Anything    ${views}
    Job Numbers Should Grow    ${views}

Five Views Opened At The Same Time Are All Answered Right
    [Tags]    PZ-13565
    ${views} =    Open Views At The Same Time    5    channels=1-3    nfft=256
    Views Should Not Share Anything    ${views}
    Each View Should Answer What Was Asked    ${views}
    Every Stream Of Each View Should Deliver Frames    ${views}

Views That Are Closed Together Leave Nothing
    [Tags]    PZ-N832
    ${views} =    Open Views At The Same Time    3    channels=1-3    nfft=256
    Close Views    ${views}
    Get View Count    ==    0
    Get View Field    ${views}    state    ==    gone

Ten Views Opened At The Same Time All Run
    [Tags]    PZ-13569
    ${views} =    Open Views At The Same Time    10    channels=1-3    nfft=256
    Views Should Not Share Anything    ${views}
    Each View Should Answer What Was Asked    ${views}
    Get View Field    ${views}    state    ==    running    within=${SITE_DATA.timings.job_running_s} s

Metadata Asked For At The Same Time Are Those Of Their Views
    [Tags]    PZ-N761
    ${views} =    Open Views At The Same Time    5    channels=1-3    nfft=256
    Metadata Asked At The Same Time Should Match Their Views    ${views}

Rows Asked For At The Same Time Are Those Of Their Views
    [Tags]    PZ-N761
    ${views} =    Open Views At The Same Time    4    channels=1-3    nfft=256
    Rows Asked For At The Same Time Should Be Those Of Their Views    ${views}

Ports Keep Step With Job Ids While Views Come And Go
    [Tags]    PZ-12474
    ${one} =    Open Live View    channels=1-3
    ${two} =    Open Live View    channels=1-3
    ${three} =    Open Live View    channels=1-3
    Closed View Should Be Gone    ${two}
    ${four} =    Open Live View    channels=1-3
    ${five} =    Open Live View    channels=1-3
    VAR    @{views} =    ${one}    ${three}    ${four}    ${five}
    Views Should Not Share Anything    ${views}
    Every Stream Of Each View Should Deliver Frames    ${views}
