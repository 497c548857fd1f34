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

Recordings Are Listed With Start And End
    [Tags]    PZ-13424    smoke
    Recordings Should Lie Inside The Range Asked For

A Range That Ends Before It Begins Has No Recordings To List
    [Tags]    PZ-13766
    ${answer} =    Ask Focus Server    POST    /recordings_in_time_range    {"start_time": 2000, "end_time": 1000}
    Request Should Have Been Refused    ${answer}    400    end_time

Timeline Of The Recordings Is A Page
    [Tags]    PZ-13425    smoke
    ${answer} =    Ask Focus Server    GET    /get_recordings_timeline
    Answer Should Be    ${answer}    200    text/html
    Should Contain    ${answer.body}    <html    ignore_case=True

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
