*** Settings ***
Documentation     Keywords for changes of open views, run against a server that answers wrong: each must fail.

Library           AnsweringServer.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
An Accepted Change Returns The Changed View
    ${view} =    Open Live View    channels=1-50
    Accept Changes    ${view}
    ${changed} =    Change ROI    ${view}    channels=61-111
    Should Be Equal    ${changed.request.channels}    ${{ (61, 111) }}
    Should Be Equal    ${changed.answer.raw}[channel_amount]    ${51}

A Change That Is Refused Is Reported
    [Documentation]    FAIL GLOB: The change of the Live * to channels 61-111 was answered 404 instead of 200: *
    ${view} =    Open Live View    channels=1-50
    Change ROI    ${view}    channels=61-111

A Change That Is Received For Another View Is Reported
    [Documentation]    FAIL GLOB: The change of the Live * was not answered as it should:\n- the answer is *9-9*
    ${view} =    Open Live View    channels=1-50
    Answer Wrong    POST /config/*    200    {"status": "Config received successfully", "task_id": "9-9"}
    Change ROI    ${view}    channels=61-111

A Change That Changes Nothing Is Reported
    [Documentation]    FAIL GLOB: More or less than the channels of the Live *:\n- the channels are still 1-50
    ${view} =    Open Live View    channels=1-50
    Accept Changes    ${view}
    Change ROI    ${view}    channels=61-111
    Only Channels Should Have Changed    ${view}

Metadata That Do Not Follow Are Reported
    [Documentation]    FAIL GLOB: The metadata of the Live * are wrong:\n- nfft is 1024, expected 512*
    ${view} =    Open Live View    channels=1-50    nfft=1024
    Accept Changes    ${view}
    ${changed} =    Change View    ${view}    nfft=512
    Metadata Should Match The View    ${changed}

Other Channels Are Named
    [Documentation]    FAIL GLOB: The view of job 1-* does not show channels 1-49:\n- channels is *expected 49*
    ${view} =    Open Live View    channels=1-50
    View Should Show Channels    ${view}    1-49

A Change Of Nothing Is A Mistake
    [Documentation]    FAIL A change of a view names at least one of: channels, nfft, frequency, duration, height.
    ${view} =    Open Live View    channels=1-50
    Change View    ${view}

Channels Are Written Like Channels
    [Documentation]    FAIL GLOB: ValueError: Argument 'channels' got value 'many' *channels are written like 11-109*
    ${view} =    Open Live View    channels=1-50
    Change ROI    ${view}    channels=many

An Operation That Changes No View Is A Mistake
    [Documentation]    FAIL GLOB: ValueError: Argument 'by' got value 'telephone' *'config'*'config_task'*
    ${view} =    Open Live View    channels=1-50
    Change ROI    ${view}    channels=1-5    by=telephone

A Wrong ROI That Is Accepted Is Reported
    [Documentation]    FAIL GLOB: The change {"roi": [[]50, 1[]]} of the Live * was answered 200 instead of 400: *
    ${view} =    Open Live View    channels=1-50
    Accept Changes    ${view}
    ROI Should Be Refused    ${view}    50-1

A Refusal Of Another Field Is Reported
    [Documentation]    FAIL GLOB: The change * was not refused*- it names the field 'nfft' instead of 'roi'*
    ${view} =    Open Live View    channels=1-50
    Answer Wrong    POST /config/*    400    {"error": "The roi is wrong.", "field": "nfft", "allowed": [1, 2222]}
    ROI Should Be Refused    ${view}    50-1

A Refused Change That Was Made All The Same Is Reported
    [Documentation]    FAIL GLOB: The change * was not refused*\n- it was refused, but changed the view: *
    ${view} =    Open Live View    channels=1-50
    ${other} =    Open Live View    channels=1-8
    ${answer} =    Ask Focus Server    GET    /metadata/${other.job_id}
    Answer Wrong    GET /metadata/*    200    ${answer.body}
    Answer Wrong    POST /config/*    400    {"error": "The roi is wrong.", "field": "roi", "allowed": [1, 2222]}
    ROI Should Be Refused    ${view}    50-1

A Table That Holds No JSON Is A Mistake
    [Documentation]    FAIL GLOB: A value of this table is JSON, such as 5, null or * not 'one'.
    ${view} =    Open Live View    channels=1-50
    Whole Change With Should Be Refused    ${view}    sensors.min    one

A Field That No Change Has Is A Mistake
    [Documentation]    FAIL The body has no field 'colour'; correct the table.
    ${view} =    Open Live View    channels=1-50
    Whole Change Without Should Be Refused    ${view}    colour

The Only Client Of A Site Is No Other Client
    [Documentation]    SKIP GLOB: Site answering knows no other client than this one by design.
    ${view} =    Open Live View    channels=1-50
    Change By Another Client Should Be Refused    ${view}


*** Keywords ***
Accept Changes
    [Documentation]    The server answers that it received each change of the view.
    [Arguments]    ${view}
    VAR    ${body} =    {"status": "Config received successfully", "task_id": "${view.job_id}"}
    Answer Wrong    POST /config/*    200    ${body}

Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
