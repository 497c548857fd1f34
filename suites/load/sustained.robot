*** Settings ***
Documentation     A load that does not change, for as long as the site's file says. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    performance    load    slow    exclusive


*** Test Cases ***
A Minute Of Ten Requests A Second Is Answered In Time
    [Documentation]    A minute, shortened as the site's own timers are.
    [Tags]    PZ-14033
    Liveness Should Be Answered In Time Under Load    per_second=10    seconds=60
