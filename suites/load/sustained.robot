*** Settings ***
Documentation     A load that does not change, for as long as the site's file says. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    performance    load    slow    exclusive


*** Test Cases ***
A Minute Of A Usual Day Is Served As It Begins
    [Tags]    PZ-14801
    ${load} =    Apply Load Profile    sustained    duration=${SITE_DATA.load.sustained_s} s
    Get Load Figure    ${load}    success    >=    99 %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.response_p95_s} s    action=GET /channels
    Get Load Figure    ${load}    kept rate    >=    95 %
    Get Load Resource    ${load}    memory of focus server    <    15 %    of=growth share
