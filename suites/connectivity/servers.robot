*** Settings ***
Documentation     The site's servers let the site's users in.

Resource          focus.resource

Suite Setup       Open Site    mongodb    rabbitmq
Suite Teardown    Close Site

Test Tags         connectivity    smoke    critical    regression    nightly


*** Test Cases ***
MongoDB Lets The Site's User In
    [Tags]    PZ-13898
    MongoDB Should Answer

RabbitMQ Lets The Site's User In
    [Tags]    PZ-N105
    RabbitMQ Should Let Us In
