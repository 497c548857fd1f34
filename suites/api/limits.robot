*** Settings ***
Documentation     How many views one client may have. Alone on the site: as many jobs at once would disturb other tests.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api    exclusive


*** Test Cases ***
A Client Has As Many Views As The Site Allows, And No More
    [Tags]    PZ-12451
    ${views} =    Open As Many Views As Allowed
    Views Should Not Share Anything    ${views}
    Next View Should Have To Wait
    Next View Should Have To Wait
    Close View    ${views}[0]
    Live View Should Be Answered As Asked    channels=1-3
