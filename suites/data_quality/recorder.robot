*** Settings ***
Documentation     The recordings while the recorder runs. Watching it takes as long as a recording is.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    nightly


*** Test Cases ***
One Recording Is Live
    [Tags]    PZ-N571    regression
    Get Base Path Field    live_recordings    ==    1    archive=no    within=5 s
    Get Recording Field    age    <=    ${SITE_DATA.timings.recording_s} s    state=live
    ...    within=${SITE_DATA.timings.reconnected_s} s

The Number Of Recordings Grows By One For Each That Ends
    [Tags]    PZ-N802    slow
    ${running} =    Get Recording Field    uuid    state=live    first=1
    ${begun} =    Get Recording Field    start    uuid=${running}
    Get Recording Field    state    ==    historic    uuid=${running}    within=6 minutes
    Get Recording Count    ==    2    since=${begun}    within=5 s

The Next Recording Follows Without A Gap
    [Tags]    PZ-N572    slow
    Next Recording Should Follow Without A Gap
