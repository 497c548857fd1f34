*** Settings ***
Documentation     What the Focus Server itself uses and keeps while views come and go. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
A View Of A Thousand Channels Is Opened
    [Tags]    PZ-14794
    ${load} =    Apply Load Of Views    3    rate=0.5    channels=1-1000
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    slowest    <    15 s    action=configure

Memory Of The Server Does Not Grow With Views
    [Tags]    PZ-14795
    ${load} =    Apply Load Of Views    20    rate=2
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.live.success_percent} %
    Get Load Resource    ${load}    memory of focus server    <    100 MiB    of=growth

The Server Keeps Its Share Of The CPU
    [Tags]    PZ-14796
    ${load} =    Apply Load Profile    views
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.live.success_percent} %
    Get Load Resource    ${load}    CPU of focus server    <    ${SITE_DATA.load.server_cores}    of=highest

Views Leave No Connection To The Broker
    [Tags]    PZ-N935
    ${before} =    Get Connection Count
    ${load} =    Apply Load Of Views    10    rate=2
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.live.success_percent} %
    Get Connection Count    <=    ${before}    within=${SITE_DATA.timings.job_removed_s} s
