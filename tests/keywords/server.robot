*** Settings ***
Documentation     Keywords for plain requests, run against a server that answers wrong: each must fail and name what is
...               wrong.

Library           AnsweringServer.py
Resource          focus.resource

Suite Setup       Open The Answering Site
Suite Teardown    Close The Answering Site
Test Teardown     Answer Right Again


*** Variables ***
${HEALTH}     {"status": "ok", "version": "1", "uptime": 1.5, "dependencies":
...           {"mongodb": "ok", "rabbitmq": "ok", "kubernetes": "ok"}}
${ILL}        {"status": "degraded", "version": "1", "uptime": 1.5, "message": "down: mongodb", "dependencies":
...           {"mongodb": "down", "rabbitmq": "ok", "kubernetes": "ok"}}
${WAITING}    {"dx": 0.0, "prr": 0.0, "fiber_start_meters": null, "fiber_length_meters": null, "sw_version":
...           "waiting for fiber", "number_of_channels": 2337, "fiber_description": "waiting for fiber",
...           "num_samples_per_trace": null, "dtype": null}
${INFO}       {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths":
...           {"/focus-server/info": {"get": {}}}}


*** Test Cases ***
A Right Answer Passes
    ${answer} =    Ask Focus Server    GET    /live_metadata
    Answer Should Be    ${answer}    200
    Answer Should Show Nothing Internal    ${answer}
    Get Answer Field    ${answer}    dtype    ==    float32
    Get Answer Field    ${answer}    number_of_channels    >    9000
    Repeated Requests Should Be Answered Alike    /live_metadata
    Concurrent Requests Should Be Answered Alike    /live_metadata    at_once=5
    Header Should Change Nothing    /live_metadata    X-Probe    שלום
    Live Metadata Should Be Complete

Another Status Is Named
    [Documentation]    FAIL GLOB: GET /ack was answered 404 instead of 200: {"detail": "Not Found"}*
    Answer Wrong    GET /ack    404    {"detail": "Not Found"}
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200

Another Shape Is Named
    [Documentation]    FAIL GET /channels was answered 200, but not as the contract has it:
    ...    - highest_channel is missing
    ...    - channels[1] is '2' (str) instead of an integer
    ...    - more is a member that this answer does not have
    Answer Wrong    GET /channels    200    {"lowest_channel": 1, "channels": [1, "2"], "more": 1}
    ${answer} =    Ask Focus Server    GET    /channels
    Answer Should Be    ${answer}    200

Another Content Type Is Named
    [Documentation]    FAIL GLOB: GET /ack was *\n- content type 'text/plain' instead of 'application/json'
    Answer Wrong    GET /ack    200    {}    text/plain
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200

A Missing Header Is Named
    [Documentation]    FAIL GLOB: GET /channels was answered 429*\n- its header Retry-After is '', expected *
    Answer Wrong    GET /channels    429    {"error": "too many requests"}
    ${answer} =    Ask Focus Server    GET    /channels
    Answer Should Be    ${answer}    429

A Stack Trace In A Refusal Is Found
    [Documentation]    FAIL GLOB: GET /ack/1-1 was answered 404, but *\n- its body shows a stack trace
    Answer Wrong    GET /ack/*    404    {"error": "no such job_id\\nTraceback (most recent call last)"}
    Job Should Not Be Found    GET    /ack/1-1

A Server Error Is No Clean Refusal
    [Documentation]    FAIL GLOB: GET *answered 500) should have been refused as a mistake of the client: {}*
    Answer Wrong    GET /ack    500    {}
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be A Clean Refusal    ${answer}

What Comes Back Is Found
    [Documentation]    FAIL GLOB: GET *(answered 404) brings back what was sent:\n- its answer repeats '<script>'*
    Answer Wrong    GET /x    404    {"detail": "no <script> here"}
    ${answer} =    Ask Focus Server    GET    /x
    Answer Should Not Repeat    ${answer}    <script>

A Part Of A Path That Comes Back Is Found
    [Documentation]    FAIL GLOB: GET *(answered 404) brings back what was sent:\n- its answer repeats "1' OR 1=1"
    Answer Wrong    GET /metadata/*    404    {"error": "There is no job 1' OR 1=1 here."}
    Raw Path Should Be Refused    /metadata/1'%20OR%201=1

Innards In A Good Answer Are Found
    [Documentation]    FAIL GLOB: GET *(answered 200) shows what it should not:\n- its body shows a file of the server*
    Answer Wrong    GET /ack    200    {"version": "/opt/focus/main"}
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Show Nothing Internal    ${answer}

A Refusal In Other Words Is Not Uniform
    [Documentation]    FAIL GLOB: POST /config/9@9 was answered 400, but *\n- error is missing\n- detail is a member *
    Answer Wrong    POST /config/*    400    {"detail": "There was an error parsing the body"}
    Error Should Be Uniform    400    POST    /config/9@9    {"roi": [1, 2]}

A Uniform Refusal That Shows A File Is Found
    [Documentation]    FAIL GLOB: *- its body shows a file of the server
    Answer Wrong    GET /x    404    {"error": "no such file: /etc/passwd"}
    Error Should Be Uniform    404    GET    /x

One Answer Cannot Be Compared
    [Documentation]    FAIL times is a whole number from 2 to 1000000, not 1; correct the table.
    Repeated Requests Should Be Answered Alike    /ack    times=1

One Request Is Not Concurrent
    [Documentation]    FAIL at_once is a whole number from 2 to 1000000, not 0; correct the table.
    Concurrent Requests Should Be Answered Alike    /ack    at_once=0

Late Answers To Many Are Named
    [Documentation]    FAIL GLOB: GET /ack is answered late when many ask at once:
    ...    - 3 answers took 0.* s on average; this site allows 1e-06 s
    Answer Wrong    GET /ack    200    {}
    Concurrent Liveness Requests Should Be Answered In Time

Late Views Are Named
    [Documentation]    FAIL GLOB: Views are created late:
    ...    - view 1 of 2 was answered after 0.* s; this site allows 1e-06 s
    ...    - view 2 of 2 was answered after 0.* s; this site allows 1e-06 s
    Consecutive Views Should Be Created In Time    2

Live Metadata Without A Live Source Are Named
    [Documentation]    FAIL GLOB: GET /live_metadata without a live source was answered 200 instead of 404: *
    There Should Be No Live Source

A Live View Without A Live Source Is Named
    [Documentation]    FAIL GLOB: A live view without a live source was answered 200 instead of 503: *
    Live View Should Have No Live Source

A Live Source That Is Not Spoken Of Is Named
    [Documentation]    FAIL GLOB: *- its reason 'The metadata are not there.' does not speak of 'live source'
    Answer Wrong    GET /live_metadata    404    {"error": "The metadata are not there."}
    There Should Be No Live Source

A Server That Answers Does Not Hang
    [Documentation]    FAIL GLOB: The server hangs, and yet POST */configure (answered 200): *
    Client Should Give Up Its View After    5

An Answer Of The Server Is None Of The Ingress
    [Documentation]    FAIL GLOB: The ingress does not answer as it should for a server that hangs:
    ...    - GET */channels (answered 404) has another status than 504: *
    ...    - POST */configure (answered 200) has another status than 504: *
    Answer Wrong    GET /channels    404    {"error": "There are no channels."}
    Ingress Should Answer 504 For The Frozen Server

No Second User Is Known
    [Documentation]    SKIP GLOB: Site answering has no second user with the role of this lane's user.
    Ask Focus Server As    another user    GET    /ack

A Field With Another Value Is Named
    [Documentation]    FAIL GLOB: uptime of GET *health (answered 200): '1.5' (float) should be '2' (int)
    Answer Wrong    GET /health    200    ${HEALTH}
    ${answer} =    Ask Focus Server    GET    /health
    Get Answer Field    ${answer}    uptime    ==    2

Headers And Times Are Read
    ${answer} =    Ask Focus Server    GET    /live_metadata
    Get Answer Header    ${answer}    content-type    ==    application/json
    Get Answer Time    ${answer}    <    10 s
    ${times} =    Get Answer Times    GET /live_metadata    times=9
    Length Should Be    ${times}    9
    Get Answer Times    GET /live_metadata    <    10 s    times=3    of=slowest

A Header That Is Not There Is Named
    [Documentation]    FAIL GLOB: Header X-None of GET */ack (answered 200): there is no such header; there are *
    ${answer} =    Ask Focus Server    GET    /ack
    Get Answer Header    ${answer}    X-None    ==    1

A Late Answer Is Named
    [Documentation]    FAIL GLOB: Time of GET */ack (answered 200): '* s' (seconds) should be less than '1e-06 s' *
    ${answer} =    Ask Focus Server    GET    /ack
    Get Answer Time    ${answer}    <    0.001 ms

A Way That Leads To No Member Is The Table's Mistake
    [Documentation]    FAIL GLOB: 'detail.[[]x]' is no way to a member of an answer; write names and places in lists*
    ${answer} =    Ask Focus Server    GET    /live_metadata
    Get Answer Field    ${answer}    detail.[x]

A Wrong Answer Of Many Is Named
    [Documentation]    FAIL GLOB: *GET /ack, answer 1 of 20, was answered 404 instead of 200: {}*
    Answer Wrong    GET /ack    404    {}
    Get Answer Times    GET /ack    <    10 s    of=slowest

Limits And Timings Of The Site Are Read
    Get Site Limit    frequency_max_hz    ==    1000 Hz
    Get Site Limit    nfft_multi    contains    1024
    ${patience} =    Get Site Timing    job_running_s    ==    500 ms
    Should Be Equal    ${patience}    ${0.5}

A Limit That There Is Not Is Named
    [Documentation]    FAIL GLOB: A site has no limit 'width'; use one of lowest_channel, highest_channel, *
    Get Site Limit    width

A Field That Is Not There Is Named
    [Documentation]    FAIL GLOB: *there is no dependencies.redis: at 'redis' it has mongodb, rabbitmq, kubernetes
    Answer Wrong    GET /health    200    ${HEALTH}
    ${answer} =    Ask Focus Server    GET    /health
    Get Answer Field    ${answer}    dependencies.redis    ==    ok

A Method That Is Allowed Too Much Is Named
    [Documentation]    FAIL GLOB: POST /ack was answered 200 instead of 405: {}
    Answer Wrong    POST /ack    200    {}
    Other Methods Should Not Be Allowed    /ack    GET

A Method That Is None Is The Table's Mistake
    [Documentation]    FAIL Methods are GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD, not FETCH.
    Other Methods Should Not Be Allowed    /ack    FETCH

An Answer That Changes Is Named
    [Documentation]    FAIL GLOB: GET /sensors was asked 3 times; answer 3 differs from the first: *instead of*
    Answer In Turn    GET /sensors    {"sensors": [0]}    {"sensors": [0]}    {"sensors": [0, 1]}
    Repeated Requests Should Be Answered Alike    /sensors    times=3

A Wrong Answer Among Many Is Named
    [Documentation]    FAIL GLOB: GET /sensors, answer * of 5, was answered 200, but *\n- sensors is missing
    Answer In Turn    GET /sensors    {"sensors": [0]}    {}
    Concurrent Requests Should Be Answered Alike    /sensors    at_once=5

Channels That Are Not The Site's Are Named
    [Documentation]    FAIL GET /channels is wrong when asked for the 1. time of 3:
    ...    - highest_channel is 2337, expected 2222
    ...    - channels has 2 entries, expected 2222
    Answer Wrong    GET /channels    200    {"lowest_channel": 1, "highest_channel": 2337, "channels": [1, 2]}
    Channels Should Be Those Of The Site

Sensors With A Gap Are Named
    [Documentation]    FAIL GET /sensors is wrong when asked for the 1. time of 3:
    ...    - sensors[1] is 2, expected 1
    Answer Wrong    GET /sensors    200    {"sensors": ${{ [0, 2, *range(2, 2222)] }}}
    Sensors Should Count Up From Zero

Channels That Are Wrong Now And Then Are Named
    [Documentation]    FAIL GLOB: GET /channels is wrong when asked for the 2. time of 3:
    ...    - lowest_channel is 2, expected 1
    ...    *
    Answer In Turn
    ...    GET /channels
    ...    {"lowest_channel": 1, "highest_channel": 2222, "channels": ${{ list(range(1, 2223)) }}}
    ...    {"lowest_channel": 2, "highest_channel": 2222, "channels": [2]}
    Channels Should Be Those Of The Site

A Fibre That Is Waited For Is Named
    [Documentation]    FAIL GLOB: GET /live_metadata is wrong:\n- dx is 0.0, expected more than 0\n*'waiting for fiber'*
    Answer Wrong    GET /live_metadata    200    ${WAITING}
    Live Metadata Should Be Complete

A Dependency That Is Down Is Named
    [Documentation]    FAIL GLOB: GET /health is good: waited 5 s*status is 'degraded', expected 'ok'*mongodb *
    Answer Wrong    GET /health    200    ${ILL}
    Health Should Be Good

An Uptime That Stands Still Is Named
    [Documentation]    FAIL GLOB: The uptime grew by 0.000 s, from 1.5 s to 1.5 s, while 0.* s went by.
    Answer Wrong    GET /health    200    ${HEALTH}
    Uptime Should Grow With Time

A Description That Is Not The Contract Is Named
    [Documentation]    FAIL GLOB: /openapi.json of the Focus Server is not the contract:*- GET /info: it is new *
    Answer Wrong    GET /openapi.json    200    ${INFO}
    Description Should Be The Contract

An Answer That Is Not Described Is Named
    [Documentation]    FAIL GLOB: GET *does not follow /openapi.json:\n- the description of GET /ack has no answer 200
    Answer Wrong    GET /openapi.json    200    ${INFO}
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Follow The Description    ${answer}


*** Keywords ***
Open The Answering Site
    [Documentation]    Starts the server and opens it as the site of this suite.
    Start Answering Server
    Open Site    rest

Close The Answering Site
    [Documentation]    Closes the site and stops the server.
    Close Site
    Stop Answering Server
