*** Settings ***
Documentation     The node lets the site's user in, and leads to the other servers.

Resource          focus.resource
Resource          node.resource

Suite Setup       Open Site    ssh
Suite Teardown    Close Site
Test Setup        Log Into The Node
Test Teardown     Log Out Of The Node

Test Tags         connectivity    regression    nightly


*** Test Cases ***
A Command Runs On The Node
    [Tags]    PZ-13774    smoke
    Node Should Echo Text Unchanged

The Node Reaches MongoDB
    [Tags]    PZ-N111
    Node Should Reach    ${SITE_DATA.mongodb.host}    ${SITE_DATA.mongodb.port}

The Node Reaches RabbitMQ
    [Tags]    PZ-N112
    Node Should Reach    ${SITE_DATA.rabbitmq.host}    ${SITE_DATA.rabbitmq.port}
