*** Settings ***
Documentation     Keywords for streams, run against a server that streams wrong: each must fail and name what is wrong.

Library           AnsweringServer.py
Library           StreamingServer.py
Resource          focus.resource

Suite Setup       Open The Streaming Site
Suite Teardown    Close The Streaming Site
Test Teardown     Stream Right Again


*** Variables ***
# Set when the streaming server starts.
${PORT}    ${0}


*** Test Cases ***
Right Frames Pass
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}    at_least=3
    ${readings} =    Measure Streams Of View    ${view}
    Rate Of Rows Should Be Right    ${readings}    ${view}

A Stream That The View Does Not Have Is Refused
    ${view} =    Open A Streamed View
    Stream Should Be Refused    ${view}    1

A Stream That Is Not Refused Is Shown
    [Documentation]    FAIL GLOB: Stream 0 of the *, which has 1, was not refused with a reason *: 1 frames *
    ${view} =    Open A Streamed View
    Stream Should Be Refused    ${view}    0

A Silent Stream Is Shown
    [Documentation]    FAIL GLOB: *did not deliver 3 frames:\n- stream 0: 0 frames in * s, stopped by DEADLINE*
    Stream Nothing
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}

A Stream That Ends Too Early Is Shown
    [Documentation]    FAIL GLOB: 1 of 1 streams did not deliver 3 frames:
    ...    - stream 0: 2 frames in * s, ended; the last frame came * s before
    End Stream After    2
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}

Foreign Channels Are Shown
    [Documentation]    FAIL GLOB: Frames of the Live * are wrong:\n- stream 0: a frame has channels 7-8, expected 7-7
    Stream Frames With    end_channel    ${8}
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}    at_least=1

Wrong Extremes Are Shown
    [Documentation]    FAIL GLOB: *- stream 0: global maximum is 4, the highest amplitude is 3
    Stream Frames With    global_maximum    ${4}
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}    at_least=1

Frames Of Another Job Are Shown
    [Documentation]    FAIL GLOB: *- stream 0: a frame is of job number 99, the view has job 1-*
    Stream Frames With    job_id    ${99}
    ${view} =    Open A Streamed View
    Every Stream Should Deliver Frames    ${view}    at_least=1

Half The Rows Are Too Few
    [Documentation]    FAIL GLOB: The rate of the Live * is wrong:\n- stream 0 brought * rows a second, expected 100.0
    Stream Half As Many Rows
    ${view} =    Open A Streamed View
    ${readings} =    Measure Streams Of View    ${view}
    Rate Of Rows Should Be Right    ${readings}    ${view}

Readers Without A Common Row Do Not Agree
    [Documentation]    FAIL GLOB: Two readers of stream 0 do not agree:\n- row 0 is not the same for both readers*
    ${view} =    Open A Streamed View
    ${readings} =    Read One Stream Twice    ${view}
    Both Readers Should Have The Same Rows    ${readings}

A Data Rate Is Compared
    [Documentation]    FAIL GLOB: The streams bring * bytes/s, expected 2400.
    ${view} =    Open A Streamed View
    ${readings} =    Measure Streams Of View    ${view}
    Data Rate Should Be About    ${readings}    ${1200}
    Data Rate Should Be About    ${readings}    ${2400}

The Memory Of A Row Is Compared
    [Documentation]    FAIL A row of all streams takes 12 bytes, expected 16.
    ${view} =    Open A Streamed View
    ${readings} =    Read Streams Of View    ${view}    at_least=1
    Every Row Should Take Bytes    ${readings}    12
    Every Row Should Take Bytes    ${readings}    16

A Live View Has No End To Read To
    [Documentation]    FAIL GLOB: *has no end; only a historic view can be read to its end.
    ${view} =    Open A Streamed View
    Read Streams Of View To Their End    ${view}

Frames And Streams Are Compared By Their Fields
    ${view} =    Open A Streamed View
    ${readings} =    Read Streams Of View    ${view}    at_least=3
    Get Frames    ${readings}    ==    0, 1, 2    stream=0
    Get Frame Field    ${readings}    channels    ==    7
    Get Stream Field    ${readings}    rows    ==    6    stream=0
    Get Stream Field    ${readings}    mean    ==    2
    Get Stream Field    ${view}    bytes_a_row    ==    12    at_least=1
    Get Stream Field    ${readings}    ended    ==    no

Too Few Frames Are Counted
    [Documentation]    FAIL GLOB: Number of frames of stream 0 of the Live *: '2' (int) should be greater than or *
    End Stream After    2
    ${view} =    Open A Streamed View
    Get Frame Count    ${view}    >=    3    stream=0

Frames That Come Late Are Waited For
    [Documentation]    FAIL REGEXP: channels of the frames of the streams of .*: waited 0.1 s, .*: there is no frame\\.
    Stream Nothing
    ${view} =    Open A Streamed View
    Get Frame Field    ${view}    channels    ==    7    within=0.1 s

Frames Of Other Channels Are Shown
    [Documentation]    FAIL GLOB: channels of the frames of stream 0 of *: '7-8' (channelrange) should be '7' *
    Stream Frames With    end_channel    ${8}
    ${view} =    Open A Streamed View
    ${mapped} =    Get Mapped Channels    ${view}    stream=0
    Get Frame Field    ${view}    channels    ==    ${mapped}    stream=0    at_least=1

A Stream That Was Not Opened Cannot Be Read
    [Documentation]    FAIL GLOB: *Stream 2 was not opened; there are 0.
    ${view} =    Open A Streamed View
    Get Frames    ${view}    stream=2

The Port Of A Closed View Refuses Connections
    ${view} =    Open A View Without Streams
    View Should Not Be Streamed    ${view}

Another View May Have The Port Of A Closed One
    Stream Frames With    job_id    ${99}
    ${view} =    Open A Streamed View
    View Should Not Be Streamed    ${view}

A View That Is Still Streamed Is Shown
    [Documentation]    FAIL GLOB: The port of the closed Live * refuses connections: *last seen: stream 0: 1 frames *
    ${view} =    Open A Streamed View
    View Should Not Be Streamed    ${view}

A Port That Takes Connections And Is Silent Is Shown
    [Documentation]    FAIL GLOB: The port of the closed * refuses connections: *0 frames *, stopped by DEADLINE*
    Stream Nothing
    ${view} =    Open A Streamed View
    View Should Not Be Streamed    ${view}

At Least One Frame Is Waited For
    [Documentation]    FAIL GLOB: *at_least is a whole number from 1 to 1000000, not 0; *
    ${view} =    Open A Streamed View
    Read Streams Of View    ${view}    at_least=0


*** Keywords ***
Open The Streaming Site
    [Documentation]    Starts the servers and opens them as the site of this suite. A stream that is right comes over
    ...                a connection of its own, which a busy machine grants late.
    Start Answering Server    first_frame_s=4
    ${port} =    Start Streaming Server
    VAR    ${PORT} =    ${port}    scope=SUITE    # robocop: off=VAR05
    Open Site    rest

Close The Streaming Site
    [Documentation]    Closes the site and stops the servers.
    Close Site
    Stop Streaming Server
    Stop Answering Server

Open A View Without Streams
    [Documentation]    Opens a view whose port nobody listens on.
    Answer Views With    stream_port    ${1}
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=128    frequency=0-50 Hz
    RETURN    ${view}

Open A Streamed View
    [Documentation]    Opens the view whose streams the streaming server has.
    Answer Views With    stream_port    ${PORT}
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=128    frequency=0-50 Hz
    RETURN    ${view}
