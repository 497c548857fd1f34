*** Settings ***
Documentation     What the Focus Server says about the fibre, its recordings and its jobs.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Channels Are Those Of The Fibre
    [Tags]    PZ-13419    smoke
    Channels Should Be Those Of The Site

Sensors Count Up From Zero
    [Tags]    PZ-13897    smoke
    Sensors Should Count Up From Zero

Live Metadata Describe Fibre And Software
    [Tags]    PZ-13420    smoke
    Live Metadata Should Be Complete

A Job That Does Not Exist Is Answered With 404
    [Tags]    PZ-13563    smoke
    [Template]    Path Should Not Be Found
    /metadata/999-999999
    /ack/999-999999
    /waterfall/999-999999
    /waterfall/999-999999/10
    /no_such_route

A Job That Does Not Exist Cannot Be Removed
    [Tags]    PZ-N201
    ${answer} =    Ask Focus Server    DELETE    /job/999-999999
    Request Should Have Been Refused    ${answer}    404    job
