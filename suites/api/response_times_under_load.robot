*** Settings ***
Documentation     How long the liveness takes when many ask for it, and views one after the other: alone on the site, by
...               the site's own limits.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         nightly    performance    exclusive


*** Test Cases ***
Concurrent Liveness Requests Are Answered In Time
    [Tags]    PZ-14028    regression
    Concurrent Liveness Requests Should Be Answered In Time

A Hundred Views One After The Other Are Created In Time
    [Tags]    PZ-14092
    Consecutive Views Should Be Created In Time    100
