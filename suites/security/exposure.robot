*** Settings ***
Documentation     Neither answers nor logs show secrets, places or the inside of the site.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
Logs Show No Secret
    [Tags]    PZ-14779    requires:kubernetes
    [Template]    Log After A Login Should Show No Secret
    webapp
    focus_server

A User Name Writes No Line Of Its Own Into The Log
    [Tags]    PZ-N1007    requires:kubernetes
    User Name Should Not Make A Log Line

Answers Of The Web App Show Nothing Of The Site
    [Tags]    PZ-14779
    [Template]    Web App Should Show Nothing Internal
    200    GET    role
    200    GET    user/config
    200    GET    alert/get-alert-status
    404    GET    no-such-thing
    400    GET    alert?orderByDirection=sideways
    400    POST    push-to-rabbit    {"alertsAmount": "1"}
    405    PUT    role
