*** Settings ***
Documentation     Loads whose rate changes: growing, jumping, high, and the time after it. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
A Rate That Grows Is Served All The Way
    [Tags]    PZ-14803
    ${load} =    Apply Load Profile    ramp
    Get Load Figure    ${load}    success    >=    95 %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.answers.p95_s} s

After A Spike Answers Come As Before It
    [Tags]    PZ-14804
    ${load} =    Apply Load Profile    spike
    Get Load Figure    ${load}    success    >=    95 %
    Get Load Figure    ${load}    success    ==    100 %    phase=3
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.response_p95_s} s    phase=3

A Steady Rate Is Served
    [Tags]    PZ-14805
    ${load} =    Apply Load Profile    steady
    Get Load Figure    ${load}    success    >=    99 %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.response_p95_s} s

A High Rate Is Kept
    [Tags]    PZ-14802
    ${load} =    Apply Load Profile    peak
    Get Load Figure    ${load}    success    >=    85 %
    Get Load Figure    ${load}    kept rate    >=    80 %

After A Busy Time The Site Serves As Before
    [Tags]    PZ-14806
    Apply Load Profile    busy
    ${load} =    Apply Load Profile    rest_of_the_day
    Get Load Figure    ${load}    success    >=    90 %
    Get Load Figure    ${load}    mean    <=    ${SITE_DATA.load.response_p95_s} s
