*** Settings ***
Documentation     What the Focus Server reports of its health while a part of the site is lost.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq    webapp
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    regression    nightly


*** Test Cases ***
Health Names The Dependency That Is Lost
    [Tags]    PZ-N551
    Health Should Name
    Take Down    mongodb
    Health Should Name    mongodb
    Bring Back    mongodb
    Health Should Name

Health Names Each Of Two Dependencies That Are Lost
    [Tags]    PZ-N600
    Freeze    rabbitmq
    Health Should Name    rabbitmq
    Take Down    mongodb
    Health Should Name    mongodb    rabbitmq
    Bring Back    mongodb
    Thaw    rabbitmq
    Health Should Name
    Web App Should Accept Alerts Again
