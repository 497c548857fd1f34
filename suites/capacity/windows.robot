*** Settings ***
Documentation     How many views one client may have, what comes beyond, and afterwards. Alone on the site: so many
...               jobs would disturb other tests.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         regression    nightly    cluster    exclusive


*** Test Cases ***
A View On An Idle Site Is Answered Fast
    [Tags]    PZ-14088
    One View Should Be Answered Fast

A Client Gets All Its Windows At Once, And One More Starts Nothing
    [Tags]    PZ-12448
    ${before} =    List Jobs Of Views
    ${burst} =    Ask For Views At Once    ${SITE_DATA.limits.max_windows}
    Share Of Accepted Views Should Be At Least    ${burst}    100
    Ports Should Be Apart    ${burst}
    Views Should Not Be Idle Yet    ${burst}
    Next View Should Have To Wait
    Only Accepted Views Should Have Got Jobs    ${burst}    ${before}
    Close Views    ${burst}
    One View Should Be Answered Fast

Ports Of Closed Views Are Given Out Again
    [Tags]    PZ-N545
    ${first} =    Ask For Views At Once    10
    ${ports} =    Ports Should Be Apart    ${first}
    Close Views    ${first}
    ${second} =    Ask For Views At Once    10
    Freed Ports Should Be Used Again    ${second}    ${ports}
