*** Settings ***
Documentation     The load of the customer's acceptance, as far as it needs no desktop client: a tab is a view. Alone
...               on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Tabs Are Added One By One
    [Documentation]    As many as a client may have in half of its windows, each read all the time.
    [Tags]    PZ-10333
    ${steps} =    Raise Number Of Views    15    by=1    every=1 s
    Get Load Step Field    ${steps}    health    ==    healthy

Regular Tabs Are Added In Fives
    [Tags]    PZ-10334
    ${steps} =    Raise Number Of Views    30    by=5
    Get Load Step Field    ${steps}    success    ==    100 %

Regular Historic Tabs Are Added In Fives
    [Tags]    PZ-10335
    ${steps} =    Raise Number Of Views    20    by=5    kind=historic
    Get Load Step Field    ${steps}    success    ==    100 %

A Tab Of Few Channels Is Read Without A Gap
    [Tags]    PZ-10336
    ${load} =    Hold Views    1    duration=10 s    channels=1-50
    Get Load Figure    ${load}    gaps    ==    0

Several Tabs Of Few Channels Are Read Without A Gap
    [Tags]    PZ-10338
    ${load} =    Hold Views    10    duration=10 s    channels=1-50
    Get Load Figure    ${load}    gaps    ==    0
    Get Load Figure    ${load}    silent views    ==    0

A Tab Of Many Channels Is Read Without A Gap
    [Tags]    PZ-10350
    ${load} =    Hold Views    1    duration=10 s    channels=1-500
    Get Load Figure    ${load}    gaps    ==    0

Several Tabs Of Many Channels Are Read Without A Gap
    [Tags]    PZ-10351
    ${load} =    Hold Views    5    duration=10 s    channels=1-500
    Get Load Figure    ${load}    gaps    ==    0
    Get Load Figure    ${load}    silent views    ==    0

Several Tabs Of All Channels Are Read
    [Tags]    PZ-10353
    ${load} =    Hold Views    3    duration=10 s    channels=1-2000
    Get Load Figure    ${load}    silent views    ==    0
    Get Load Figure    ${load}    fairness    >=    50 %

A Whole Window Of Tabs Is Closed In Time
    [Tags]    PZ-10420
    ${views} =    Open Views At The Same Time    20    channels=1-3
    Close Views    ${views}
