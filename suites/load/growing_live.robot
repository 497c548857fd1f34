*** Settings ***
Documentation     Live views whose number grows, all of them read all the time. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Two To Ten Live Views
    [Documentation]    Also PZ-LOAD-201.
    [Tags]    PZ-15374
    ${steps} =    Raise Number Of Views    10    by=2
    Get Load Step Count    ${steps}    >=    3
    Get Load Step Count    ${steps}    ==    0    health=unhealthy
    Get Most Open Views    ${steps}    >=    6
    Views Of Load Should Be Removed    ${steps}    at_least=90 %

Live Views Up To What The Site Must Carry
    [Documentation]    PZ-LOAD-200, PZ-LOAD-202 and PZ-LOAD-203.
    [Tags]    PZ-N905
    ${steps} =    Raise Number Of Views    50    by=5
    Get Most Open Views    ${steps}    >=    ${SITE_DATA.load.open_views}
    Get Load Step Field    ${steps}    accepted    ==    5
    Get Load Step Field    ${steps}    success    >=    80 %
    Get Load Step Count    ${steps}    <=    2    health=unhealthy
    Get Load Step Count    ${steps}    >=    6    health=healthy
    Views Of Load Should Be Removed    ${steps}    at_least=90 %

Thirty Live Views In Quick Steps
    [Documentation]    PZ-LOAD-210: steps half as long.
    [Tags]    PZ-N906
    ${steps} =    Raise Number Of Views    30    by=5    every=1 s
    Get Share Of Open Views    ${steps}    >=    70 %

Live Views Up To A Hundred
    [Documentation]    PZ-LOAD-300 and PZ-LOAD-310; a site that is not meant for so many has its own number.
    [Tags]    PZ-N907
    ${steps} =    Raise Number Of Views    ${SITE_DATA.load.most_views}    by=10
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.open_views}
    Get Share Of Open Views    ${steps}    >=    80 %
    Get Load Step Field    ${steps}    success    >=    70 %
    Views Of Load Should Be Removed    ${steps}    at_least=90 %

Thirty Live Views At Once, Then More And More
    [Documentation]    PZ-LOAD-302 and PZ-LOAD-312.
    [Tags]    PZ-N908
    ${steps} =    Raise Number Of Views    ${SITE_DATA.load.most_views}    begin=30    by=20
    Get Load Step Field    ${steps}    accepted    >    0
    Get Most Open Views    ${steps}    >=    50

Twenty Live Views At Once, Then More With Care
    [Documentation]    PZ-LOAD-303.
    [Tags]    PZ-N909
    ${steps} =    Raise Number Of Views    50    begin=20    by=10
    Get Most Open Views    ${steps}    >=    40
    Views Of Load Should Be Removed    ${steps}    at_least=90 %

Each Step Of Live Views Is Answered In Time
    [Documentation]    PZ-LOAD-302, its test of stability.
    [Tags]    PZ-N910
    ${steps} =    Raise Number Of Views    25    by=5
    Get Load Step Field    ${steps}    accepted    >=    1
    Get Load Step Field    ${steps}    answer_mean    <=    ${SITE_DATA.load.live.configure_p95_s} s

Wide Live Views Up To Fifteen
    [Documentation]    PZ-LOAD-311.
    [Tags]    PZ-N911
    ${steps} =    Raise Number Of Views    15    by=5    channels=1-500
    Get Most Open Views    ${steps}    >=    12
