*** Settings ***
Documentation     Whatever is wrong with a request, the refusal has the one shape of its kind and is the client's: 4xx.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Refusals Of One Kind Have One Shape
    [Tags]    PZ-13297    smoke
    [Template]    Error Should Be Uniform
    400    POST    /recordings_in_time_range    {"start_time": 2000, "end_time": 1000}
    400    POST    /config/9@9    {"roi": [1, 2]}
    404    GET    /metadata/999-999999
    404    GET    /ack/999-999999
    404    GET    /waterfall/999-999999/10
    404    DELETE    /job/999-999999
    404    POST    /config_task    {"task_id": "999-999999", "roi": [1, 2]}
    404    GET    /no_such_route
    405    POST    /channels    {}

Refusals Of A Shape Have One Shape
    [Tags]    PZ-13297
    [Template]    Error Should Be Uniform
    422    POST    /recordings_in_time_range    {}
    422    POST    /configure    {}
    422    POST    /config_task    {}
    422    POST    /config/999-999999    []

A Body Of Another Content Type Is Refused
    [Tags]    PZ-N365
    [Template]    Body Should Be Refused As
    text/plain    /configure
    text/plain    /config_task
    text/plain    /config/999-999999
    text/plain    /recordings_in_time_range
    application/xml    /configure
    application/xml    /recordings_in_time_range
    application/x-www-form-urlencoded    /configure
    application/x-www-form-urlencoded    /recordings_in_time_range
    multipart/form-data; boundary=x    /configure
    application/octet-stream    /recordings_in_time_range

No Input Breaks The Server
    [Tags]    PZ-14780
    [Template]    Error Should Be Uniform
    422    POST    /recordings_in_time_range    ${EMPTY}{
    422    POST    /recordings_in_time_range    null
    422    POST    /recordings_in_time_range    "text"
    422    POST    /recordings_in_time_range    [[[[[[[[]]]]]]]]
    422    POST    /recordings_in_time_range    {"start_time": NaN, "end_time": Infinity}
    422    POST    /recordings_in_time_range    {"start_time": "\\ud800", "end_time": "\\u0000"}
    422    POST    /config_task    {"task_id": {"$gt": ""}, "roi": [1, 2]}
    404    POST    /config_task    {"task_id": "999-999999", "roi": [1, 2], "שלום": "עולם"}

No Path Breaks The Server
    [Tags]    PZ-14780
    [Template]    Error Should Be Uniform
    404    GET    /waterfall/999-999999/99999999999999999999
    404    GET    /waterfall/999-999999/none
    404    GET    /metadata/%00%ff%fe
    404    DELETE    /job/9999999999999999999999999999-1

The Server Is Healthy After Bad Input
    [Tags]    PZ-14780
    ${answer} =    Ask Focus Server    POST    /recordings_in_time_range    {"start_time": 1e999, "end_time": -1}
    Answer Should Be    ${answer}    422
    Health Should Be Good
