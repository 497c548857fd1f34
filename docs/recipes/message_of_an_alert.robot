*** Settings ***
Documentation     A private queue is bound for this test, and is gone with it.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    recipe

Name              Read a message from the exchange


*** Test Cases ***
The Message Of An Alert Comes By
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SD    high    1250 m
    Get Message Count    ${queue}    ==    1    alert=${alert}    within=5 s
