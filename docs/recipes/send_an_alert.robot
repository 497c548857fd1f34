*** Settings ***
Documentation     The whole way: sent, through the exchange, into the list, unchanged.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    recipe

Name              An alert reaches the operator


*** Test Cases ***
A High Alert Reaches The Operator
    Alert Should Reach The Operator    SD    high    1250 m
