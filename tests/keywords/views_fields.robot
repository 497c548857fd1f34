*** Settings ***
Documentation     Getters of views, run against a server that answers wrong: what comes late is awaited, what is wrong
...               is named with what was seen.

Library           AnsweringServer.py
Library           RowsOfAView.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Test Cases ***
Views Of A Test Are Listed And Counted
    ${one} =    Open Live View    channels=1-3
    ${other} =    Open Live View    channels=7    view_type=SingleChannel
    Get Views    ==    ${one.job_id}, ${other.job_id}
    Get Views    ==    ${other.job_id}    view_type=SingleChannel
    Get View Count    ==    2
    Close View    ${one}
    Get View Count    ==    1    within=2 s

Views Of The Test Before Are Not Listed
    Get View Count    ==    0
    Get Views    ==    ${EMPTY}

Too Many Open Views Are Counted
    [Documentation]    FAIL Number of open views: '1' (int) should be '0' (int)
    Open Live View    channels=1-3
    Get View Count    ==    0

A Field Of Each View Is Expected Of Each
    ${views} =    Open Views At The Same Time    2    channels=1-3
    Get View Field    ${views}    stream_amount    ==    3
    ${ids} =    Get View Field    ${views}    job_id
    Length Should Be    ${ids}    2

Something Else Than A View Is Refused In Words
    [Documentation]    FAIL GLOB: ValueError: * it has to be what 'Open View' has returned, or it has to be what '*
    Get View Field    the view    state

Fields Of The Moment Come From The Server
    ${view} =    Open Live View    channels=11-13    nfft=512    frequency=0-500 Hz
    Get View Field    ${view}    state    ==    running
    Get View Field    ${view}    channels    ==    11-13
    Get View Field    ${view}    nfft    ==    512
    Get View Field    ${view}    frequency    ==    0-500 Hz
    Get View Field    ${view}    time status    ==    Live
    Close View    ${view}
    Get View Field    ${view}    state    ==    gone    within=2 s

A State That Comes Late Is Waited For
    ${view} =    Open Live View    channels=1-3
    Answer In Turn    GET /ack/*    {"status": "waiting"}    {"status": "waiting"}    {"status": "running"}
    Get View Field    ${view}    state    ==    running    within=5 s

A State That Does Not Come Is Named With The Last One
    [Documentation]    FAIL REGEXP: state of the Live .*: waited 0.5 s, \\d+ tries, last seen: 'running' .*
    ${view} =    Open Live View    channels=1-3
    Get View Field    ${view}    state    ==    completed    within=0.5 s

A State That Changes Too Early Is Named With The Time
    [Documentation]    FAIL REGEXP: state of the Live .*: after \\d\\.\\d of 2 s it did not hold, seen: 'completed' .*
    ${view} =    Open Live View    channels=1-3
    Answer In Turn    GET /ack/*    {"status": "running"}    {"status": "completed"}
    Get View Field    ${view}    state    ==    running    during=2 s

Members Of Metadata Are Reached By Their Path
    ${view} =    Open Live View    channels=11-13
    Get Metadata    ${view}    contains    channel_amount
    Get Metadata Field    ${view}    channels.max    ==    13
    Get Metadata Field    ${view}    metadata.parent.prr    ==    2000

A Member That Is Missing Is Named With Those That Are There
    [Documentation]    FAIL GLOB: metadata.parent.hz in the metadata of the Live *: there is no metadata.parent.hz: *
    ${view} =    Open Live View    channels=1-3
    Get Metadata Field    ${view}    metadata.parent.hz    ==    1024

Frequencies And Their Steps Are Compared Each
    ${view} =    Open Live View    channels=1-3    nfft=512    frequency=0-500 Hz
    Get Frequencies    ${view}    <=    500 Hz
    Get Frequency Steps    ${view}    >    3.89 Hz
    Get View Field    ${view}    step_deviation    <=    1 %

A Step That Is Not Like The Others Is Shown
    [Documentation]    FAIL GLOB: step_deviation of the Live *: '10 %' (percent) should be less than or equal '1 %' *
    VAR    @{uneven} =    ${0}    ${9}    ${20}
    Answer Views With    frequencies_list    ${uneven}
    ${view} =    Open Live View    channels=1-3
    Get View Field    ${view}    step_deviation    <=    1 %

Channels Of A Stream Are Those Of The Answer
    [Documentation]    FAIL GLOB: Channels that the answer of the Live * mapped to stream 2: '7-8' (*) should be '6-8' *
    ${view} =    Open Live View    channels=1-8
    Get Mapped Channels    ${view}    ==    1-8
    Get Mapped Channels    ${view}    ==    7-8    stream=2
    Get Mapped Channels    ${view}    ==    6-8    stream=2

Rows Of A View Are Compared By Their Fields
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5
    Get Waterfall Rows    ${view}    >    1 minute ago
    Get Waterfall Row Count    ${view}    ==    5    newest=5
    Get Waterfall Row Field    ${view}    channels    ==    1-3
    Get Waterfall Row Field    ${view}    lowest    >=    0
    Get Waterfall Row Field    ${view}    seconds    ==    10 ms

No Row Yet Is No Row
    [Documentation]    FAIL REGEXP: Number of rows of the Live .*: waited 0.3 s, \\d+ tries, last seen: '0' .*
    ${view} =    Open Live View    channels=1-3
    Answer Wrong    GET /waterfall/*    200    ${EMPTY}
    Get Waterfall Row Count    ${view}    ==    5    newest=5    within=0.3 s

A Row With A Negative Amplitude Is Shown
    [Documentation]    FAIL GLOB: lowest of the rows of the Live *: '-0.5' (float) should be greater than or equal *
    ${view} =    Open Live View    channels=1-3
    Answer With Rows    ${view}    5    intensity=${-0.5}
    Get Waterfall Row Field    ${view}    lowest    >=    0


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
