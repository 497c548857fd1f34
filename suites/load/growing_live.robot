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
