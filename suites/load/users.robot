*** Settings ***
Documentation     Users who read channels, metadata and recordings and open views, in numbers that change. Alone on the
...               site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Users Come, Work And Leave
    [Tags]    PZ-13431
    ${load} =    Apply Load Profile    users_ramp
    Get Load Figure    ${load}    errors    <=    ${SITE_DATA.load.error_percent} %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.answers.p95_s} s    action=GET /channels
    Get Load Figure    ${load}    success    ==    100 %    phase=3

Users Work At The Same Pace
    [Tags]    PZ-13432
    ${load} =    Apply Load Profile    users_steady
    Get Load Figure    ${load}    errors    <=    ${SITE_DATA.load.error_percent} %
    Get Load Figure    ${load}    kept rate    >=    70 %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.answers.p95_s} s    action=GET /channels

Many More Users Come For A While
    [Tags]    PZ-13433
    ${load} =    Apply Load Profile    users_spike
    Get Load Figure    ${load}    errors    <=    ${SITE_DATA.load.error_percent} %
    Get Load Figure    ${load}    success    ==    100 %    phase=3
    Get Load Figure    ${load}    p50    <=    ${SITE_DATA.load.answers.p50_s} s    phase=3
