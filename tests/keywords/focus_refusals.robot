*** Settings ***
Documentation     Keywords for refusals, run against a server that accepts what it should refuse, or refuses badly.

Library           AnsweringServer.py
Resource          raw_requests.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
A Clean Refusal Passes
    View Should Be Refused    channels=50-1    because=channels

An Accepted View Is Named And Removed
    [Documentation]    FAIL GLOB: MultiChannel view with NFFT 8192 was accepted (200, job *at most 4096. Job removed.
    NFFT Should Be Answered    MultiChannel    8192    refused: at most 4096

A Refusal For Another Reason Is No Refusal
    [Documentation]    FAIL GLOB: *does not speak of 'frequency'
    View Should Be Refused    channels=50-1    because=frequency

A Refusal With Another Status Is No Refusal
    [Documentation]    FAIL GLOB: *it was answered 500 instead of 400: {"error": "oops"}
    Answer Wrong    POST /configure    500    {"error": "oops"}
    View Should Be Refused    channels=50-1    because=channels

A Refusal That Shows Code Is Found
    [Documentation]    FAIL GLOB: *its body shows the server's own code
    Answer Wrong    POST /configure    400    {"error": "channels are wrong: Traceback (most recent call last)"}
    View Should Be Refused    channels=50-1    because=channels

A Refusal Without A Reason Is Found
    [Documentation]    FAIL GLOB: *its reason 'channels' does not say what is wrong
    Answer Wrong    POST /configure    400    {"error": "channels"}
    View Should Be Refused    channels=50-1    because=channels

A Field That No View Has Is The Table's Mistake
    [Documentation]    FAIL A view has no field 'chanels'; correct the table.
    View Without Should Be Refused    chanels

Channels Are Written As Testers Write Them
    [Documentation]    FAIL GLOB: ValueError: Argument 'channels' got value '11..109' that cannot be converted to *
    VAR    ${wrong} =    11..109
    View Should Be Refused    channels=${wrong}    because=channels

The Job Of A Raw Request Is Removed
    [Documentation]    FAIL this failure is wanted
    ${body} =    Body Of A View
    Send Raw View Request    ${body}
    Fail    this failure is wanted

The Job Of A Raw Request Was Removed
    Server Should Have No Job


*** Keywords ***
Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
