*** Settings ***
Documentation     A Focus Server that takes requests and does not answer: clients get an answer, or give up, and
...               nothing of what they asked for hangs on.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    nightly    slow


*** Test Cases ***
The Ingress Answers 504 For A Frozen Server
    [Tags]    PZ-14782
    Freeze    focus_server
    Ingress Should Answer 504 For The Frozen Server
    Thaw    focus_server
    Focus Server Should Answer
    Views Should Open And Play

A View That Its Client Gave Up Leaves No Job Behind
    [Tags]    PZ-14783
    ${before} =    List What Runs In The Cluster
    Freeze    focus_server
    Client Should Give Up Its View After    2
    Thaw    focus_server
    Focus Server Should Answer
    Everything Started Should Be Removed Since    ${before}
