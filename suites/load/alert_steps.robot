*** Settings ***
Documentation     Alerts whose rate or bursts grow step by step: up to where all is healthy. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         nightly    alerts    load    slow    exclusive


*** Test Cases ***
More And More Alerts A Second Are Taken
    [Tags]    PZ-14953
    ${steps} =    Raise Load    alerts by rate
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_per_s}

Bursts Of Alerts Are Taken
    [Tags]    PZ-14955
    ${steps} =    Raise Load    alerts bursts
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_at_once}
    Get Load Figure    ${steps.load}    lost alerts    ==    0

The Breakpoint Of Alerts Is Found
    [Tags]    PZ-15100
    ${steps} =    Raise Load    alerts breakpoint
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_at_once}
    Get Load Figure    ${steps.load}    lost alerts    ==    0

Alerts That Grow Gradually Are Taken
    [Tags]    PZ-15101
    ${steps} =    Raise Load    alerts gradual    healthy=95 %
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_at_once}

Bursts That Grow Rapidly Are Taken
    [Tags]    PZ-15102
    ${steps} =    Raise Load    alerts rapid bursts
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_at_once}
    Get Load Figure    ${steps.load}    doubled alerts    ==    0

Steps Of A Hundred Alerts Of Every Kind Are Taken
    [Tags]    PZ-15103
    ${steps} =    Raise Load    alerts mixed steps    healthy=95 %
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.alerts.healthy_at_once}
    Get Load Figure    ${steps.load}    lost alerts    ==    0
