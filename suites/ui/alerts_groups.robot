*** Settings ***
Documentation     Alerts of one class and place as a group.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    journal
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    PZ-13315    regression    nightly


*** Test Cases ***
Alerts Of SD Are Grouped
    ${alerts} =    Send Alerts    3    SD    high    1621 m
    Get Journal Alert Count    ==    3    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Group Alerts
    Group Should Hold    SD    1621    ${alerts}

Alerts Of SC Are Grouped
    ${alerts} =    Send Alerts    4    SC    low    1911 m
    Get Journal Alert Count    ==    4    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Group Alerts
    Group Should Hold    SC    1911    ${alerts}
