*** Settings ***
Documentation     The Focus Server's configuration against the database: it looks where the recordings are.

Resource          focus.resource

Suite Setup       Open Site    mongodb    kubernetes
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
The Focus Server Looks For Recordings Where MongoDB Has Them
    [Tags]    PZ-13807    critical
    ${path} =    Get Storage Path
    Get Base Paths    contains    ${path}    archive=no
