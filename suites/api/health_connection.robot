*** Settings ***
Documentation     The entrance of the site speaks TLS, and only TLS.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    connectivity


*** Test Cases ***
The Entrance Speaks TLS With A Certificate Of The Site
    [Tags]    PZ-14032    smoke
    TLS Should Be Sound
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200

The Entrance Speaks No TLS That Is Out Of Date
    [Tags]    PZ-14032
    Old TLS Should Be Refused

The Entrance Serves Nothing Without TLS
    [Tags]    PZ-14778
    [Template]    Plain Text Should Not Be Served
    /ack
    /channels
    /live_metadata
