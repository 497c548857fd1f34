*** Settings ***
Documentation     What each role may do, and that a view belongs to the client that opened it.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
Each Role May Show And Send What It Is For
    [Tags]    PZ-N992    smoke    critical
    [Template]    Operation Should Be Answered By Role
    # operation    super admin    admin    viewer    nobody
    read the channels    200    200    200    401
    read the live metadata    200    200    200    401
    list recordings    200    200    200    401
    open a view    200    200    200    401
    list alerts    200    200    200    401
    export alerts    200    200    200    401
    send an alert    201    201    403    401
    delete alerts    200    200    403    401

Each Role May Look At And Change What It Is For
    [Tags]    PZ-N992
    [Template]    Operation Should Be Answered By Role
    # operation    super admin    admin    viewer    nobody
    read the own rights    200    200    200    401
    list roles    200    200    200    401
    list users    200    200    403    401
    check a user name    201    201    403    401
    give a role a right    201    403    403    401
    list regions    200    200    200    401
    read the map    200    200    200    401
    delete a region    404    404    403    401

A View Is Not Shown To Another Client
    [Tags]    PZ-N996
    ${view} =    Open Live View    channels=1-3
    View Should Be Closed To    ${view}    another user

A View Is Not Shown To A Viewer
    [Tags]    PZ-N996
    ${view} =    Open Live View    channels=1-3
    View Should Be Closed To    ${view}    viewer

A View Is Not Cancelled By Another Client
    [Tags]    PZ-N997
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Remove The Job Of    ${view}    another user

A View Is Not Cancelled By A Viewer
    [Tags]    PZ-N997
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Remove The Job Of    ${view}    viewer

A View Is Not Changed By Another Client
    [Tags]    PZ-N998
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Change    ${view}    another user

A Method Is The One Of The Request Line
    [Tags]    PZ-N999
    ${view} =    Open Live View    channels=1-3
    Header Should Not Remove    ${view}    X-HTTP-Method-Override
    Header Should Not Remove    ${view}    X-Method-Override
