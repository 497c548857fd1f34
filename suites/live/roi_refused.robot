*** Settings ***
Documentation     Regions of interest (ROI) that the server has to refuse. The view stays as it is each time.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site
Test Setup        Open A View To Change

Test Tags         regression    nightly    live


*** Test Cases ***
A ROI Without Extent Is Refused
    [Tags]    PZ-13790
    [Template]    ROI Should Be Refused
    ${VIEW}    20-20
    ${VIEW}    1-1
    ${VIEW}    0-0

A ROI That Ends Before It Starts Is Refused
    [Tags]    PZ-13791    smoke
    [Template]    ROI Should Be Refused
    ${VIEW}    60-20
    ${VIEW}    21-20
    ${VIEW}    1-0

A ROI With A Negative Start Is Refused
    [Tags]    PZ-13792
    [Template]    ROI Should Be Refused
    ${VIEW}    -1-50
    ${VIEW}    -5-20

A ROI With A Negative End Is Refused
    [Tags]    PZ-13793
    [Template]    ROI Should Be Refused
    ${VIEW}    10--50
    ${VIEW}    -50--10

A ROI Beyond The Fibre Is Refused
    [Tags]    PZ-13795
    [Template]    ROI Should Be Refused
    ${VIEW}    1-${SITE_DATA.limits.highest_channel + 1}    because=${SITE_DATA.limits.highest_channel}
    ${VIEW}    0-10000    because=${SITE_DATA.limits.highest_channel}
    ${VIEW}    3000-3001    because=${SITE_DATA.limits.highest_channel}

A ROI Of Another Shape Is Refused
    [Tags]    PZ-N410
    [Template]    Change Should Be Refused
    ${VIEW}    {"roi": []}    field=roi
    ${VIEW}    {"roi": [1]}    field=roi
    ${VIEW}    {"roi": [1, 20, 30]}    field=roi
    ${VIEW}    {"roi": "1-20"}    field=roi
    ${VIEW}    {"roi": 20}    field=roi
    ${VIEW}    {"roi": {"min": 1, "max": 20}}    field=roi
    ${VIEW}    {"roi": ["1", 20]}    field=roi.0    because=roi
    ${VIEW}    {"roi": [1, "20"]}    field=roi.1    because=roi
    ${VIEW}    {"roi": [1, null]}    field=roi.1    because=roi
    ${VIEW}    {"roi": [1.5, 20]}    field=roi.0    because=roi

Channels That Are Changed Keep The Rules Of A New View
    [Tags]    PZ-N411
    [Template]    Change Should Be Refused
    ${VIEW}    {"channels": {"min": 50, "max": 1}}    field=channels    status=400
    ${VIEW}    {"channels": {"min": 0, "max": 50}}    field=channels.min    because=channels    status=400
    ${VIEW}    {"channels": {"min": -1, "max": 50}}    field=channels.min    because=channels    status=400
    ${VIEW}    {"channels": {"min": 1, "max": 100000}}    field=channels.max    because=channels    status=400
    ${VIEW}    {"channels": {"min": "one", "max": 50}}    field=channels.min
    ${VIEW}    {"channels": {"min": 1}}    field=channels.max
    ${VIEW}    {"channels": [1, 50]}    field=channels

A Change Names Its Channels Once
    [Tags]    PZ-N412
    [Template]    Change Should Be Refused
    ${VIEW}    {}    field=channels
    ${VIEW}    {"roi": null}    field=channels
    ${VIEW}    {"colour": "red"}    field=channels
    ${VIEW}    {"roi": [1, 20], "channels": {"min": 1, "max": 20}}    field=channels
    ${VIEW}    [1, 20]    field=${EMPTY}    because=object

A ROI Of Several Channels Is None For A SingleChannel View
    [Tags]    PZ-N413
    [Setup]    No Operation
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=256
    ROI Should Be Refused    ${view}    5-9    because=single channel

A Waterfall View Gets No Spectrum
    [Tags]    PZ-N414
    [Setup]    No Operation
    ${view} =    Open Waterfall View    channels=1-8    height=200
    Change Should Be Refused    ${view}    {"nfftSelection": 512}    field=nfftSelection    status=400
    Change Should Be Refused
    ...    ${view}
    ...    {"displayTimeAxisDuration": 5}
    ...    field=displayTimeAxisDuration
    ...    status=400
