*** Settings ***
Documentation     What the pods log of requests and views, so that somebody who reads it finds what belongs together.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    cluster


*** Test Cases ***
A Request Is Logged With The Id That Its Answer Bears
    [Tags]    PZ-N1040
    ${answer} =    Ask Focus Server    GET    /channels
    Log Should Say    ${answer.headers}[X-Request-ID]    focus_server

A View Is Logged By Its Own Pod
    [Tags]    PZ-N1041
    ${view} =    Open A Live View That Runs    channels=1-3
    Log Of View Should Say    ${view}    job ${view.job_id} serves

A View That Opens And Closes Leaves No Error In Any Log
    [Tags]    PZ-N1042
    ${view} =    Open A Live View That Runs    channels=1-3
    Close View    ${view}
    No Pod Should Have Logged An Error

A Request That Is Refused Leaves No Error In Any Log
    [Tags]    PZ-13299
    Ask Focus Server    POST    /configure    {}
    Log Should Say    POST /focus-server/configure    focus_server
    No Pod Should Have Logged An Error
