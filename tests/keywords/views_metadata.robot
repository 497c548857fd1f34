*** Settings ***
Documentation     Keywords for the metadata of views, run against a server that answers wrong: each must fail.

Library           AnsweringServer.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
Right Metadata Pass
    ${view} =    Open Live View    channels=1-3
    Metadata Should Match The View    ${view}
    ${before} =    Get Metadata    ${view}
    Get Metadata    ${view}    ==    ${before}    during=0.1 s
    Metadata Should Not Be Found    9-9

Metadata That Are Not There Yet Are Reported
    [Documentation]    FAIL GLOB: Reading the metadata of the Live * was answered 404 instead of 200: {"error": *
    ${view} =    Open Live View    channels=1-3
    Answer Wrong    GET /metadata/*    404    {"error": "Invalid job_id: there is no such job."}
    Metadata Should Match The View    ${view}

Metadata Of Another View Are Distinguished
    [Documentation]    FAIL GLOB: The metadata of the Live * are wrong:*- channels.min is 4, expected 1*job_id is*
    ${one} =    Open Live View    channels=1-3
    ${other} =    Open Live View    channels=4-6
    ${answer} =    Ask Focus Server    GET    /metadata/${other.job_id}
    Answer Wrong    GET /metadata/*    200    ${answer.body}
    Metadata Should Match The View    ${one}

A View That Does Not Wait Is Reported
    [Documentation]    FAIL 8 new views were not seen waiting, the last is {"status": "running"}.
    Metadata Of A New View Should Be There    channels=1-3

Metadata Of An Unknown Job Are Reported
    [Documentation]    FAIL GLOB: Reading the metadata of job '1-*' was answered 200 instead of 404: *
    ${view} =    Open Live View    channels=1-3
    Metadata Should Not Be Found    ${view.job_id}

A Refusal Without A Reason Is Reported
    [Documentation]    FAIL GLOB: The metadata of job '9-9' were not refused as they should:*does not say what is wrong*
    Answer Wrong    GET /metadata/*    404    {"error": "no"}
    Metadata Should Not Be Found    9-9

Metadata That Change Are Shown
    [Documentation]    FAIL GLOB: Metadata of *: after 0.* of 1 s it did not hold, seen: job_id is '*', but should be *.
    ${one} =    Open Live View    channels=1-3
    ${other} =    Open Live View    channels=4-6
    ${before} =    Get Metadata    ${one}
    ${right} =    Ask Focus Server    GET    /metadata/${one.job_id}
    ${wrong} =    Ask Focus Server    GET    /metadata/${other.job_id}
    Answer In Turn    GET /metadata/*    ${right.body}    ${wrong.body}
    Get Metadata    ${one}    ==    ${before}    during=1 s

Another Fibre Is Reported
    [Documentation]    FAIL GLOB: The metadata of the Live * do not agree with the live metadata:*
    ${view} =    Open Live View    channels=1-3
    Answer Wrong    GET /live_metadata    200    {"prr": 1.0}
    Metadata Should Agree With Live Metadata    ${view}


*** Keywords ***
Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
