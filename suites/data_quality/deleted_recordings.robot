*** Settings ***
Documentation     What MongoDB marks as deleted is gone for the clients of the Focus Server. That it is not played is
...               shown in the suites of historic views.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    regression    nightly


*** Test Cases ***
No Deleted Recording Is Listed
    [Tags]    PZ-N570    critical
    Deleted Recordings Should Not Be Listed
