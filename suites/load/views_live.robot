*** Settings ***
Documentation     Live views on their whole way: asked for, connected, read, closed; many of them. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Twenty Live Views Keep The Times Of A Job
    [Documentation]    Also PZ-LOAD-100 and PZ-LOAD-101.
    [Tags]    PZ-15235
    ${load} =    Apply Load Of Views    20    rate=2
    Views Of Load Should Keep The Limits    ${load}    ${SITE_DATA.load.live}

Live Views Are Connected To At The First Try Or Soon
    [Documentation]    Also PZ-LOAD-103.
    [Tags]    PZ-15237
    ${load} =    Apply Load Of Views    10    rate=3
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.live.success_percent} %
    Get Load Figure    ${load}    tries    <=    ${SITE_DATA.load.live.tries}    action=frames

Wide Live Views Are Served
    [Documentation]    Also PZ-LOAD-110.
    [Tags]    PZ-15238
    ${load} =    Apply Load Of Views    3    rate=0.5    channels=1-500
    Get Load Figure    ${load}    succeeded    >=    2
    Get Load Figure    ${load}    slowest    <=    ${SITE_DATA.load.live.total_p99_s} s

Live Views That Go On And On Become No Slower
    [Documentation]    Also PZ-LOAD-111: the middle second of the end against the limits of all of them.
    [Tags]    PZ-15239
    ${load} =    Apply Load Of Views    20    rate=1
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.live.success_percent} %
    Get Load Figure    ${load}    slowdown    <    50 %

Five Live Views At Once Are Served
    [Documentation]    Also PZ-LOAD-120.
    [Tags]    PZ-15240
    ${load} =    Apply Load Of Views    5    rate=50
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    slowest    <=    ${SITE_DATA.load.live.total_p99_s} s

A Live View Is Asked For And Seen Within Ten Seconds
    [Tags]    PZ-14799
    ${load} =    Apply Load Of Views    20    rate=1
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    p95    <=    10 s

Ten Views Asked For At The Same Time Are All Created
    [Tags]    PZ-14800
    ${burst} =    Ask For Views At Once    10
    Share Of Accepted Views Should Be At Least    ${burst}    95
    Get Burst Figure    ${burst}    jobs    >=    10
    Get Burst Figure    ${burst}    mean    <=    10 s
    Get Burst Figure    ${burst}    slowest    <=    20 s
