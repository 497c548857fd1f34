*** Settings ***
Documentation     Keywords for the rows of views, run against a server that answers wrong: each must fail and name why.

Library           AnsweringServer.py
Library           RowsOfAView.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
Right Rows Pass
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5
    Waterfall Should Hold As Many Rows As Asked For    ${view}    5

Too Many Rows Are Counted
    [Documentation]    FAIL GLOB: 5 rows of the Live * came; 4 were asked for.
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5
    Waterfall Should Hold As Many Rows As Asked For    ${view}    4

Too Few Rows Are Waited For
    [Documentation]    FAIL REGEXP: Live .* shows 5 rows: waited 0.55 s, \\d+ tries, last seen: 4 rows\\.
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    4
    Waterfall Should Hold As Many Rows As Asked For    ${view}    5

No Row At All Is Waited For
    [Documentation]    FAIL REGEXP: Live .* shows 1 rows: waited 0.51 s, \\d+ tries, last seen: 200, no rows yet\\.
    ${view} =    Open Live View    channels=1-3
    Answer Wrong    GET /waterfall/*    200    ${EMPTY}
    Waterfall Should Show The View    ${view}    rows=1

A Negative Amplitude Is Named
    [Documentation]    FAIL GLOB: The rows of the Live * are wrong:*- amplitude -0.5 is negative*
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5    intensity=${-0.5}
    Waterfall Should Hold As Many Rows As Asked For    ${view}    5

Rows Of Another View Are Named
    [Documentation]    FAIL GLOB: The rows of the Live * are wrong:\n- a row belongs to the canvas '9-9', not to '1-*'
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5    canvasId=9-9
    Waterfall Should Hold As Many Rows As Asked For    ${view}    5

Rows Of The Past Are Named
    [Documentation]    FAIL GLOB: *the newest row of a live view ended * s before the server's clock, allowed is 2 s
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    1    startTimestamp=${1700000000000}    endTimestamp=${1700000000010}
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1

Rows That Never Move On Are Waited For
    [Documentation]    FAIL GLOB: Live * shows 5 rows, and some that were seen before: waited 0.55 s, *: no row after *
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5
    Rows Should Stay The Same    ${view}    samples=2    rows=5

Rows Ahead Of The Clock Of The Server Are Named
    [Documentation]    FAIL GLOB: *the newest row of a live view ends * s ahead of the server's clock
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    1    startTimestamp=${4100000000000}    endTimestamp=${4100000000010}
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1

A Number Of Rows Is Needed
    [Documentation]    FAIL Name at least one number of rows; with none, nothing is checked.
    ${view} =    Open Live View    channels=1-3
    Waterfall Should Hold As Many Rows As Asked For    ${view}

One Sample Cannot Be Compared
    [Documentation]    FAIL samples is a whole number from 2 to 1000000, not 1; correct the table.
    ${view} =    Open Live View    channels=1-3
    Rows Should Stay The Same    ${view}    samples=1

Rows Before The View Runs Are Reported
    [Documentation]    FAIL GLOB: Reading the first rows of the Live * was answered 201 instead of 200: *
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    1
    Waterfall Of A New View Should Be Empty    channels=1-3

A Row Count That Is Accepted Is Reported
    [Documentation]    FAIL GLOB: Asking for '-1' rows of job '1-*' was answered 201 instead of 400: *
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    1
    Waterfall Should Be Answered    ${view.job_id}    -1    400

A Status That The Waterfall Does Not Have Is A Mistake Of The Table
    [Documentation]    FAIL GLOB: ValueError: Argument 'status' got value '202' *
    Waterfall Should Be Answered    1-1    1    202

Rows Of An Unknown Job Are Reported
    [Documentation]    FAIL GLOB: Asking for '1' rows of job '1-*' was answered 201 instead of 404: *
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    1
    Waterfall Should Not Be Found    ${view.job_id}


*** Keywords ***
Answer With Rows
    [Documentation]    The server has these rows of a view from now on.
    [Arguments]    ${view}    ${rows}    &{wrong}
    ${body} =    Rows Of Now    ${view}    ${rows}    &{wrong}
    Answer Wrong    GET /waterfall/*    201    ${body}

Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
