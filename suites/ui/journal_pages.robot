*** Settings ***
Documentation     The pages of the journal, on a site that nobody else uses meanwhile.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    journal
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    exclusive    regression    nightly


*** Test Cases ***
The Journal Shows Many Alerts Page By Page
    [Tags]    PZ-14204
    Send Alerts    100    SD    low    1250 m
    Send Alerts    20    SC    low    1250 m
    Show Recent Alerts
    Get Text    ${UI.journal.count}    ==    120 alerts
    Pages Should Show Each Alert Once    120
