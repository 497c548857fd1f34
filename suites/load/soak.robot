*** Settings ***
Documentation     Hours of the same load, only with --include soak: nothing may grow and nothing get slower. Alone on
...               the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         soak    performance    load    exclusive


*** Test Cases ***
An Hour Of A Usual Day Is Served As It Begins
    [Tags]    PZ-14801
    ${load} =    Apply Load Profile    sustained    duration=1 hour
    Get Load Figure    ${load}    success    >=    99 %
    Get Load Figure    ${load}    slowdown    <    20 %

Memory Of The Server Does Not Grow In Four Hours
    [Tags]    PZ-15138
    ${load} =    Apply Load Profile    investigations    duration=4 hours
    Get Load Figure    ${load}    success    >=    95 %
    Get Load Figure    ${load}    slowdown    <    20 %
    Get Load Resource    ${load}    memory of focus server    <    5 %    of=growth share
    Get Load Resource    ${load}    memory of focus server    <    50 MiB    of=least slope

Memory Of The Server Does Not Grow In A Day
    [Tags]    PZ-15138
    ${load} =    Apply Load Profile    investigations    duration=24 hours
    Get Load Figure    ${load}    success    >=    95 %
    Get Load Figure    ${load}    slowdown    <    20 %
    Get Load Resource    ${load}    memory of focus server    <    15 %    of=growth share
    Get Load Resource    ${load}    memory of focus server    <    50 MiB    of=least slope
