*** Settings ***
Documentation     How often the largest view is drawn, on a site and a machine that do nothing else.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    exclusive    regression    nightly


*** Test Cases ***
All Channels Are Drawn Nineteen Times A Second
    [Tags]    PZ-9366
    Open View On Page
    ...    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}    rows=600    duration=20 s
    Get Shown Row Count    >    100    within=${SITE_DATA.timings.first_frame_s}
    Get Shown Frame Rate    >=    19    within=10 s
