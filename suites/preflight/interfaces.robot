*** Settings ***
Documentation     Each interface of the site answers. When one is dead, every suite that needs it fails in its setup
...               with the sentence that is shown here.

Resource          focus.resource

Suite Setup       Open Site
Suite Teardown    Close Site

Test Tags         connectivity    smoke    regression    nightly    critical


*** Test Cases ***
Focus Server Answers
    [Tags]    PZ-N101    requires:rest
    Site Should Be Reachable    rest    fresh=True

Web App Answers
    [Tags]    PZ-N102    requires:webapp
    Site Should Be Reachable    webapp    fresh=True

MongoDB Answers
    [Tags]    PZ-13806    requires:mongodb
    Site Should Be Reachable    mongodb    fresh=True

RabbitMQ Answers
    [Tags]    PZ-N103    requires:rabbitmq
    Site Should Be Reachable    rabbitmq    fresh=True

Kubernetes API Answers
    [Tags]    PZ-13773    requires:kubernetes
    Site Should Be Reachable    kubernetes    fresh=True

The Stream Of A View Answers
    [Tags]    PZ-N104    requires:grpc
    ${view} =    Open Live View
    Every Stream Should Deliver Frames    ${view}    at_least=1

Node Answers
    [Tags]    PZ-13774    requires:ssh
    Site Should Be Reachable    ssh    fresh=True
