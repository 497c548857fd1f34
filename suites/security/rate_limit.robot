*** Settings ***
Documentation     How fast a client may ask, shown with a user whom no other test needs. Alone on the site: the ingress
...               has to answer faster than a client may ask.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly    exclusive


*** Test Cases ***
Who Asks Too Fast Has To Wait, And Nobody Else
    [Tags]    PZ-14777
    Rate Limit Should Hold For One Client Only
