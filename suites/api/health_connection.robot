*** Settings ***
Documentation     The ingress of the site serves TLS, and only TLS.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    connectivity


*** Test Cases ***
The Ingress Serves TLS With A Certificate Of The Site
    [Tags]    PZ-14032    smoke
    TLS Should Be Valid
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200

The Ingress Offers No Outdated TLS
    [Tags]    PZ-14032
    Old TLS Should Be Refused

The Ingress Serves Nothing Without TLS
    [Tags]    PZ-14778
    [Template]    Plain HTTP Should Not Be Served
    /ack
    /channels
    /live_metadata
