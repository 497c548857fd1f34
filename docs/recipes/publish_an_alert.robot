*** Settings ***
Documentation     The alert is published at the exchange, as an algorithm does it; then the list is asked for it.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    recipe

Name              An algorithm sends an alert


*** Test Cases ***
What An Algorithm Found Is Listed
    ${alert} =    Publish Alert    SC    low    500 m
    Get Alert Field    severity    ==    low    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Alert Field    distance    ==    500 m    alert=${alert}
