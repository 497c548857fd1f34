*** Settings ***
Documentation     Historic views on their whole way: asked for, connected, read, closed; many of them. Alone on the
...               site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Twenty Historic Views Keep The Times Of A Job
    [Tags]    PZ-15242
    ${load} =    Apply Load Of Views    20    kind=historic    rate=2    window=5 minutes
    Views Of Load Should Keep The Limits    ${load}    ${SITE_DATA.load.historic}

Six Historic Views, Three At A Time
    [Tags]    PZ-15243
    ${load} =    Apply Load Of Views    6    kind=historic    rate=3    window=5 minutes
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.historic.success_percent} %

Historic Views Are Connected To At The First Try Or Soon
    [Tags]    PZ-15244
    ${load} =    Apply Load Of Views    10    kind=historic    rate=3    window=5 minutes
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.historic.success_percent} %
    Get Load Figure    ${load}    tries    <=    ${SITE_DATA.load.historic.tries}    action=frames

Wide Historic Views Are Served
    [Tags]    PZ-15245
    ${load} =    Apply Load Of Views    3    kind=historic    rate=0.5    channels=1-500    window=5 minutes
    Get Load Figure    ${load}    succeeded    >=    2
    Get Load Figure    ${load}    slowest    <=    ${SITE_DATA.load.historic.total_p99_s} s

Historic Views That Go On And On Become No Slower
    [Tags]    PZ-15246
    ${load} =    Apply Load Of Views    20    kind=historic    rate=1    window=5 minutes
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.historic.success_percent} %
    Get Load Figure    ${load}    slowdown    <    50 %

Five Historic Views At Once Are Served
    [Tags]    PZ-15247
    ${load} =    Apply Load Of Views    5    kind=historic    rate=50    window=5 minutes
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    slowest    <=    ${SITE_DATA.load.historic.total_p99_s} s
