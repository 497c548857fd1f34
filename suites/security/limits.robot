*** Settings ***
Documentation     How fast a client may ask, and how often a login may fail. Both are shown with a user whom no other
...               test needs.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
Who Asks Too Fast Has To Wait, And Nobody Else
    [Tags]    PZ-14777
    Rate Limit Should Hold For One Client Only

Repeated Bad Logins Lock A User For A Time
    [Tags]    PZ-N1000    slow
    Repeated Bad Logins Should Lock The User For A Time
