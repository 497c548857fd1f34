*** Settings ***
Documentation     The life of a login by cookies: begun anew, protected in the browser, renewed once, ended everywhere.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
A Login Has Cookies That Are Protected
    [Tags]    PZ-N988    smoke
    ${browser} =    Log In By Cookie
    Cookies Should Be Protected    ${browser}

A Login Takes Over Nothing That Was Planted Before
    [Tags]    PZ-N989
    Login Should Replace Planted Cookies

A Login Is Renewed Once
    [Tags]    PZ-N990
    ${browser} =    Log In By Cookie
    Login Should Be Renewable Once    ${browser}

A Renewal Needs The CSRF Header
    [Tags]    PZ-N990
    ${browser} =    Log In By Cookie
    ${answer} =    Ask To Renew Login    ${browser}    csrf=no
    Get Answer Status    ${answer}    ==    403
    ...    Renewal by cookie with no CSRF header was answered {value} instead of 403

A Logout Needs The CSRF Header
    [Tags]    PZ-N991
    ${browser} =    Log In By Cookie
    ${answer} =    Ask By Cookie    ${browser}    webapp    POST    /auth/logout    csrf=no
    Get Answer Status    ${answer}    ==    403
    ...    Logout by cookie with no CSRF header was answered {value} instead of 403
    ${answer} =    Ask By Cookie    ${browser}    webapp    GET    user/config
    Get Answer Status    ${answer}    ==    200

A Logout Ends The Login Everywhere
    [Tags]    PZ-N991
    ${browser} =    Log In By Cookie
    ${answer} =    Log Out    ${browser}
    Get Answer Status    ${answer}    ==    201
    Login Should Have Ended    ${browser}

A Logout Leaves Another Login Of The Same User Alone
    [Tags]    PZ-N991
    ${one} =    Log In By Cookie
    ${other} =    Log In By Cookie
    Log Out    ${one}
    ${answer} =    Ask By Cookie    ${other}    webapp    GET    user/config
    Get Answer Status    ${answer}    ==    200

A Change By Cookie Needs The CSRF Header
    [Tags]    PZ-14776    smoke
    [Template]    Change By Cookie Should Be Refused
    no    rest    POST    /recordings_in_time_range    {"start_time": 1, "end_time": 2}
    another    rest    POST    /recordings_in_time_range    {"start_time": 1, "end_time": 2}
    no    rest    POST    /configure    {}
    no    webapp    DELETE    alert/delete    {"alertIds": []}
    another    webapp    DELETE    alert/delete    {"alertIds": []}
    no    webapp    POST    push-to-rabbit    {}

A Change By Cookie Works With The CSRF Header
    [Tags]    PZ-14776
    [Template]    Change By Cookie Should Work
    rest    POST    /recordings_in_time_range    {"start_time": 1, "end_time": 2}
    webapp    DELETE    alert/delete    {"alertIds": []}
