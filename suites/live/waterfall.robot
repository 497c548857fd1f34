*** Settings ***
Documentation     Rows of views over REST: GET /waterfall/{id}/{rows} answers 200 without a body while there are no
...               rows, 201 with rows, 208 when a playback is over; GET /waterfall/{id} gives all rows.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Waterfall Of A Live View Shows Its Channels
    [Tags]    PZ-14755    smoke
    ${view} =    Open Live View    channels=1-50    frequency=0-500 Hz
    Waterfall Should Show The View    ${view}    rows=40

Waterfall Of A SingleChannel View Shows Its Channel
    [Tags]    PZ-N440
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=1024
    Waterfall Should Hold As Many Rows As Asked For    ${view}    20

A Waterfall View Has One Amplitude For Each Channel
    [Tags]    PZ-13557
    ${view} =    Open Waterfall View    channels=1-50    height=1000
    View Should Answer What Was Asked    ${view}
    Waterfall Should Hold As Many Rows As Asked For    ${view}    20

Waterfall Has No Rows Before The Job Runs
    [Tags]    PZ-14756
    Waterfall Of A New View Should Be Empty    channels=1-8

Waterfall Holds As Many Rows As Are Asked For
    [Tags]    PZ-N441
    ${view} =    Open Live View    channels=1-8    nfft=256
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1    2    3    10    40    100

Waterfall Holds All Rows When More Are Asked For
    [Tags]    PZ-N442
    ${view} =    Open Live View    channels=1-3    nfft=128    height=100
    Waterfall Should Hold All Rows    ${view}

The Number Of Rows Is A Whole Number Above Zero
    [Tags]    PZ-14758
    [Setup]    Open A View To Change    channels=1-3
    [Template]    Waterfall Should Be Answered
    ${VIEW.job_id}    0    400
    ${VIEW.job_id}    -1    400
    ${VIEW.job_id}    -10    400
    ${VIEW.job_id}    ten    400
    ${VIEW.job_id}    1.5    400
    ${VIEW.job_id}    1e3    400
    ${VIEW.job_id}    0x10    400
    ${VIEW.job_id}    1 2    400
    ${VIEW.job_id}    null    400

Waterfall Of An Unknown Job Is Not Found
    [Tags]    PZ-14757
    [Template]    Waterfall Should Not Be Found
    999-999999
    no such job
    test@#$%task
    ${ID OF 300 SIGNS}

Waterfall Of A Closed View Is Not Found
    [Tags]    PZ-N443
    ${view} =    Open Live View    channels=1-3    nfft=256
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1
    Closed View Should Be Gone    ${view}
    Waterfall Should Not Be Found    ${view.job_id}

Waterfall Of A Finished Playback Reports Its End
    [Tags]    PZ-14759
    ${recording} =    Find A Recording    at_least=5 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Waterfall Should Show Rows Until It Is Over    ${view}

Waterfall Of An Ended Job Reports Its End
    [Tags]    PZ-14759
    ${recording} =    Find A Recording    at_least=5 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Playback Should Finish    ${view}
    Waterfall Should Be Answered    ${view.job_id}    1    208
    Waterfall Should Be Answered    ${view.job_id}    1000    208
