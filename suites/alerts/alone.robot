*** Settings ***
Documentation     Alerts on a site that nobody else uses meanwhile: how soon they are listed, and the pages of the list.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    exclusive    regression    nightly


*** Test Cases ***
An Alert Is Listed Promptly
    [Tags]    PZ-N962
    Alerts Should Arrive Promptly

The Pages Of The List Hold Each Alert Once
    [Tags]    PZ-N963
    ${alerts} =    Send Alerts    100    SD    low    1250 m
    Send Alerts    20    SC    low    1250 m
    Get Alert Count    ==    120    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Pages Of The List Should Hold Each Alert Once    ${alerts}
