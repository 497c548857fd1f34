*** Settings ***
Documentation     Exercise 5: the run that is to be read. One of its tests fails.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp    grpc
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
The Site Lists Its Channels
    ${answer} =    Ask Focus Server    GET    /channels
    Answer Should Be    ${answer}    200

A Live View Delivers Frames
    ${view} =    Open Live View    channels=11-20
    Every Stream Should Deliver Frames    ${view}    at_least=3

A View Answers What Was Asked
    ${view} =    Open Live View    channels=11-60    nfft=512
    View Should Answer What Was Asked    ${view}

An Alert Reaches The Operator
    Alert Should Reach The Operator    SD    high    1250 m
