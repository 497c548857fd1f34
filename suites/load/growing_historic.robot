*** Settings ***
Documentation     Historic views whose number grows, all of them read all the time. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Two To Ten Historic Views
    [Tags]    PZ-15318
    ${steps} =    Raise Number Of Views    10    by=2    kind=historic
    Get Load Step Count    ${steps}    >=    3
    Get Most Open Views    ${steps}    >=    6

Historic Views Up To A Hundred
    [Tags]    PZ-15317
    ${steps} =    Raise Number Of Views    ${SITE_DATA.load.most_views}    by=10    kind=historic
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.open_views}
    Get Share Of Open Views    ${steps}    >=    80 %
    Get Load Step Field    ${steps}    success    >=    70 %

Most Steps Of Historic Views Are Healthy
    [Tags]    PZ-15319
    ${steps} =    Raise Number Of Views    25    by=5    kind=historic
    Get Load Step Count    ${steps}    >=    5
    Get Load Step Count    ${steps}    >=    3    health=healthy

Nothing Is Left Of Historic Views
    [Tags]    PZ-15320
    ${steps} =    Raise Number Of Views    15    by=5    kind=historic
    Views Of Load Should Be Removed    ${steps}    at_least=100 %

Many Historic Views From The Beginning
    [Tags]    PZ-15321
    ${steps} =    Raise Number Of Views    ${SITE_DATA.load.most_views}    begin=40    by=30    kind=historic
    Get Share Of Open Views    ${steps}    >=    80 %

Waves Of Five Historic Views Up To Forty
    [Documentation]    Each of the open views plays a recording, and none is live.
    [Tags]    PZ-N912
    ${steps} =    Raise Number Of Views    40    by=5    kind=historic
    Get Share Of Open Views    ${steps}    >=    80 %
    Views Of Load Should Be    ${steps}    historic
    Server Should Answer As Before
