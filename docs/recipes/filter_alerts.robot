*** Settings ***
Documentation     A site has alerts of others: sent_by=me keeps to those of this test.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    recipe

Name              Count only the alerts of this test


*** Test Cases ***
Both Alerts Of This Test Are Listed
    Send Alert    SD    high    1250 m
    Send Alert    SD    low    1250 m
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Count    ==    1    sent_by=me    severity=high
