*** Settings ***
Documentation     Keywords for refusals, run against a server that accepts what it should refuse, or refuses badly.

Library           AnsweringServer.py
Resource          focus.resource
Resource          raw_requests.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
A Clean Refusal Passes
    View Should Be Refused    channels=50-1    field=channels

An Accepted View Is Named And Removed
    [Documentation]    FAIL GLOB: MultiChannel view with NFFT 8192 was accepted (200, job *at most 4096. Job removed.
    NFFT Should Be Answered    MultiChannel    8192    refused: at most 4096

The Field And The Cause Are Named When A View Is Accepted
    [Documentation]    FAIL GLOB: MultiChannel view with channels.min = 2 was accepted (200, *channels.min (odd). *
    View With Should Be Refused    channels.min    ${2}    because=odd

A Refusal For Another Reason Is No Refusal
    [Documentation]    FAIL GLOB: *does not speak of 'frequency'
    View Should Be Refused    channels=50-1    field=channels    because=frequency

The Field Of A Refusal Is No Reason
    [Documentation]    FAIL GLOB: *- its reason 'These are not right.' does not speak of 'channels'
    Answer Wrong    POST /configure    400
    ...    {"error": "These are not right.", "field": "channels", "allowed": [1, 2222]}
    View Should Be Refused    channels=50-1    field=channels

The Limit Of An NFFT Has To Be Named
    [Documentation]    FAIL GLOB: *- its reason 'nfftSelection is above its maximum.' does not speak of '4096'
    VAR    ${allowed} =    [128, 256, 512, 1024, 2048, 4096]
    Answer Wrong    POST /configure    400
    ...    {"error": "nfftSelection is above its maximum.", "field": "nfftSelection", "allowed": ${allowed}}
    NFFT Should Be Answered    MultiChannel    8192    refused: at most 4096

A Refusal That Names Another Field Is No Refusal
    [Documentation]    FAIL GLOB: *it names the field 'channels' instead of 'channels.min'*
    View Should Be Refused    channels=50-1    field=channels.min

A Refusal That Names Other Limits Is No Refusal
    [Documentation]    FAIL GLOB: *it names [[]1, 2223] as allowed, expected [[]1, 2222]
    Answer Wrong    POST /configure    400
    ...    {"error": "These channels are not there.", "field": "channels", "allowed": [1, 2223]}
    View Should Be Refused    channels=50-1    field=channels

A Refusal With Another Status Is No Refusal
    [Documentation]    FAIL GLOB: *was answered 500 instead of 400: {"error": "oops"}*
    Answer Wrong    POST /configure    500    {"error": "oops"}
    View Should Be Refused    channels=50-1    field=channels

A Refusal That Shows Code Is Found
    [Documentation]    FAIL GLOB: *its body shows *
    Answer Wrong
    ...    POST /configure
    ...    400
    ...    {"error": "channels are wrong: Traceback (most recent call last)", "field": "channels", "allowed": [1, 2222]}
    View Should Be Refused    channels=50-1    field=channels

A Refusal Without A Reason Is Found
    [Documentation]    FAIL GLOB: *its reason 'channels' does not say what is wrong
    Answer Wrong    POST /configure    400    {"error": "channels", "field": "channels", "allowed": [1, 2222]}
    View Should Be Refused    channels=50-1    field=channels

A Field That No View Has Is The Table's Mistake
    [Documentation]    FAIL GLOB: A view has no field 'chanels', only *; correct the table.
    View Without Should Be Refused    chanels

A Verdict That Is None Is The Table's Mistake
    [Documentation]    FAIL A verdict is 'accepted' or 'refused: rule', not 'maybe'; correct the table.
    NFFT Should Be Answered    MultiChannel    1024    maybe

Channels Are Written As Testers Write Them
    [Documentation]    FAIL GLOB: ValueError: Argument 'channels' got value '11..109' that cannot be converted to *
    VAR    ${wrong} =    11..109
    View Should Be Refused    channels=${wrong}    field=channels

A Shape Is Refused By The Name Of Its Field
    [Documentation]    FAIL GLOB: *it names body.channels instead of body.view_type*
    Answer Wrong    POST /configure    422
    ...    {"detail": [{"loc": ["body", "channels"], "msg": "view_type: field required", "type": "missing"}]}
    View Without Should Be Refused    view_type

Every Type That Gets Through Is Reported
    [Documentation]    FAIL GLOB: Not every wrong type of view_type is refused:\n- View with a word *\n- View with an *
    Answer Wrong    POST /configure    400    {"error": "That is no view_type.", "field": "view_type", "allowed": [0]}
    Wrong Types Should Be Refused    view_type

Hostile Text That Comes Back Is Found
    [Documentation]    FAIL GLOB: *its answer repeats '<script>'
    Answer Wrong    POST /configure    422
    ...    {"detail": [{"loc": ["body", "view_type"], "msg": "view_type is no <script>", "type": "int_type"}]}
    Hostile Text Should Be Refused    <script>    view_type

An Unknown Field That Comes Back Is Found
    [Documentation]    FAIL GLOB: *was opened:\n- its answer repeats 'שלום סיב 🐟'
    Answer Views With    metadata    ${{ {**AnsweringServer.RECORDER, "cmd": "שלום סיב 🐟"} }}
    Unusual View Should Be Answered As Asked    a Hebrew field

Limits That Do Not Hold Are Found
    [Documentation]    FAIL GLOB: View with height 0 was accepted (200, *because of displayInfo.height. Job removed.*
    Answer Wrong    POST /configure    200    {"job_id": "1-1"}
    Stated Limits Should Hold    height

A Client That Is Never Asked To Wait Is Found
    [Documentation]    FAIL GLOB: View 31 of a client that may have 30 was answered 200 instead of 429: *
    Next View Should Have To Wait

Telling To Wait Takes A Time
    [Documentation]    FAIL GLOB: View 31 of a client that may have 30 was answered 429, but not as *Retry-After is ''*
    Answer Wrong    POST /configure    429    {"error": "You have 30 open windows.", "allowed": 30}
    Next View Should Have To Wait

The Job Of A Raw Request Is Removed
    [Documentation]    FAIL this failure is wanted
    ${body} =    Body Of A View
    Send Raw View Request    ${body}
    Fail    this failure is wanted

The Job Of A Raw Request Was Removed
    Server Should Have No Job

A Raw Request That Is Accepted Is No Refusal
    [Documentation]    FAIL GLOB: The raw request {* was accepted (200, job *because of channels. Job removed.
    ${body} =    Body Of A View
    ${answer} =    Send Raw View Request    ${body}
    Raw Answer Should Be A Refusal    ${answer}    400    because=channels


*** Keywords ***
Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
