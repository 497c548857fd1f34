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

A Minute Of Ten Requests A Second Is Answered In Time
    [Documentation]    A minute, shortened as the site's own timers are.
    [Tags]    PZ-14033    slow    load
    Liveness Should Be Answered In Time Under Load    per_second=10    seconds=60

A Hundred Views One After The Other Are Created In Time
    [Tags]    PZ-14092
    Consecutive Views Should Be Created In Time    100
