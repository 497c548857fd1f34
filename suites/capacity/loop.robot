*** Settings ***
Documentation     Investigations are opened again and again until as many are open as the site carries, each of them
...               read. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    cluster    load    stress    slow    exclusive


*** Test Cases ***
Fifteen Investigations Each Give Frames And Go
    [Tags]    PZ-N940
    ${steps} =    Raise Number Of Views    15    by=5
    Get Most Open Views    ${steps}    ==    15
    Views Of Load Should Be Removed    ${steps}    at_least=100 %

As Many Investigations As The Site Carries Each Give Frames
    [Tags]    PZ-N941
    ${steps} =    Raise Number Of Views    ${SITE_DATA.limits.capacity}    by=20
    Get Share Of Open Views    ${steps}    >=    95 %
    Get Breakpoint    ${steps}    >=    ${SITE_DATA.load.open_views}
