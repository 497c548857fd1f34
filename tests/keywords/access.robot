*** Settings ***
Documentation     Keywords for connections, where the other end is not what it should be.

Library           AnsweringServer.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
A Site Without TLS Skips
    [Documentation]    SKIP Site answering has no TLS by design.
    TLS Should Be Valid

A Site Without A Plain Port Skips
    [Documentation]    SKIP Site answering has no plain port by design.
    Ask Focus Server As    nobody    GET    /ack

A Site Without A Viewer Skips
    [Documentation]    SKIP Site answering has no user of the role viewer.
    Ask Focus Server As    viewer    GET    /ack

A Client That There Is Not Is Refused
    [Documentation]    FAIL GLOB: ValueError: Argument 'who' got value 'somebody' that cannot be converted to *
    VAR    ${somebody} =    somebody
    Ask Focus Server As    ${somebody}    GET    /ack


*** Keywords ***
Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
