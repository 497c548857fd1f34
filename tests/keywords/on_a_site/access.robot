*** Settings ***
Documentation     Keywords of the AccessLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site
Suite Teardown    Close Site


*** Test Cases ***
A Right Site Lets In Its Users And Nobody Else
    MongoDB Should Accept Only Its Users
    Web App Should Accept Only Its Users
    RabbitMQ Should Reject Login    unknown user
    Management API Should Reject Login    nobody
    MongoDB Should Accept Login Of The Focus Server
    Every Service Should Answer

A Stranger That There Is Not Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'thief' that cannot be converted to *
    MongoDB Should Reject Login    thief

A Login That Everybody Knows Is Reported
    [Documentation]    FAIL GLOB: MongoDB at * let in 'admin' with password 'admin'.
    [Setup]    Turn On    mongodb-default-login
    MongoDB Should Reject Login    admin
    [Teardown]    Turn Off    mongodb-default-login

A Wrong Password That Is Taken Is Reported
    [Documentation]    FAIL GLOB: The web app at * answered the login of '*' with a wrong password with 201 *
    [Setup]    Turn On    password-unchecked
    Web App Should Reject Login    wrong password
    [Teardown]    Turn Off    password-unchecked

A Certificate That Runs Out Soon Is Reported
    [Documentation]    FAIL GLOB: The certificate of https://* is good until * UTC, for less than 9999 days: renew it.
    Certificate Should Be Valid    rest    days=9999

All Services In Trouble Are Reported In One Text
    [Documentation]    FAIL GLOB: 4 of 8 services *do not answer:*- rest: *- webapp: *- grpc: *- ui: *has expired*
    [Setup]    Turn On    certificate-expired
    Every Service Should Answer
    [Teardown]    Run Keywords    Turn Off    certificate-expired    AND    Every Service Should Answer
