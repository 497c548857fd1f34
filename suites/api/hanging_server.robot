*** Settings ***
Documentation     A Focus Server that takes requests and does not answer: clients are told, or give up, and nothing of
...               what they asked for hangs on.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         resilience    exclusive    disruptive    nightly    slow


*** Test Cases ***
The Entrance Answers For A Server That Hangs
    [Tags]    PZ-14782
    Freeze    focus_server
    Entrance Should Answer For The Hanging Server
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
    What Was Started Should Go Again Since    ${before}
