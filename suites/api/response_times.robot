*** Settings ***
Documentation     How long answers take on a site that does nothing else: alone on the site, by the site's own timings.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    performance    exclusive


*** Test Cases ***
Health And Description Are Answered In Time
    [Tags]    PZ-N204
    [Template]    Path Should Be Answered Within
    /ack    ${SITE_DATA.timings.health_s}
    /health    ${SITE_DATA.timings.health_s}
    /channels    ${SITE_DATA.timings.channels_s}
    /sensors    ${SITE_DATA.timings.channels_s}
    /live_metadata    ${SITE_DATA.timings.answer_s}
    /openapi.json    ${SITE_DATA.timings.answer_s}
    /get_recordings_timeline    ${SITE_DATA.timings.answer_s}    content_type=text/html

The Slowest Of Twenty Answers Is In Time
    [Tags]    PZ-N818
    Get Answer Times    GET /channels    <    500 ms    times=20    of=slowest

Refusals Of A Body Are Answered In Time
    [Tags]    PZ-N205
    [Template]    Request Should Be Refused Within
    ${SITE_DATA.timings.answer_s}    422    POST    /configure    {}
    ${SITE_DATA.timings.answer_s}    422    POST    /config_task    {}
    ${SITE_DATA.timings.answer_s}    422    POST    /config/999-999999    []
    ${SITE_DATA.timings.answer_s}    404    POST    /config/999-999999    {"roi": [1, 2]}
    ${SITE_DATA.timings.answer_s}    422    POST    /recordings_in_time_range    {}
    ${SITE_DATA.timings.answer_s}    400    POST    /recordings_in_time_range    {"start_time": 2, "end_time": 1}

Refusals Of A Path Are Answered In Time
    [Tags]    PZ-N205
    [Template]    Request Should Be Refused Within
    ${SITE_DATA.timings.answer_s}    404    GET    /metadata/999-999999
    ${SITE_DATA.timings.answer_s}    404    GET    /ack/999-999999
    ${SITE_DATA.timings.answer_s}    404    GET    /waterfall/999-999999
    ${SITE_DATA.timings.answer_s}    404    GET    /waterfall/999-999999/10
    ${SITE_DATA.timings.answer_s}    404    DELETE    /job/999-999999
    ${SITE_DATA.timings.answer_s}    404    GET    /no_such_route
    ${SITE_DATA.timings.answer_s}    405    PUT    /channels

A View Is Answered In Time
    [Tags]    PZ-14790
    ${view} =    Open Live View
    Get Answer Time    ${view.exchange}    <=    ${SITE_DATA.timings.configure_s}

Metadata Of A View Are Answered In Time
    [Tags]    PZ-14792
    ${view} =    Open Live View
    Path Should Be Answered Within    /metadata/${view.job_id}    ${SITE_DATA.timings.metadata_s}

Metadata Of A View That Runs Are Answered In Time
    [Tags]    PZ-14764
    ${view} =    Open Live View
    View Should Be Running    ${view}
    Path Should Be Answered Within    /metadata/${view.job_id}    ${SITE_DATA.timings.task_metadata_s}

Ten Views One After The Other Are Each Created In Time
    [Tags]    PZ-14090
    Consecutive Views Should Be Created In Time    10

State Of A View Is Answered In Time
    [Tags]    PZ-N373
    ${view} =    Open Live View    channels=1-3
    Path Should Be Answered Within    /ack/${view.job_id}    ${SITE_DATA.timings.answer_s}

Rows Of A View Are Answered In Time
    [Tags]    PZ-14791
    ${view} =    Open Live View    channels=1-8
    Waterfall Should Hold As Many Rows As Asked For    ${view}    10
    Path Should Be Answered Within    /waterfall/${view.job_id}/10    ${SITE_DATA.timings.waterfall_s}    status=201
    Path Should Be Answered Within    /waterfall/${view.job_id}    ${SITE_DATA.timings.waterfall_s}
    Path Should Be Answered Within    /waterfall/${view.job_id}/0    ${SITE_DATA.timings.answer_s}    status=400

A Change Of A View Is Answered In Time
    [Tags]    PZ-N374
    ${view} =    Open Live View    channels=1-8
    ${answer} =    Ask Focus Server    POST    /config/${view.job_id}    {"roi": [2, 5]}
    Answer Should Be    ${answer}    200
    Get Answer Time    ${answer}    <=    ${SITE_DATA.timings.configure_s}
    ${answer} =    Ask Focus Server    POST    /config_task    {"task_id": "${view.job_id}", "roi": [3, 6]}
    Answer Should Be    ${answer}    200
    Get Answer Time    ${answer}    <=    ${SITE_DATA.timings.configure_s}

The Removal Of A Job Is Answered In Time
    [Tags]    PZ-N375
    ${view} =    Open Live View    channels=1-3
    ${answer} =    Ask Focus Server    DELETE    /job/${view.job_id}
    Answer Should Be    ${answer}    200
    Get Answer Time    ${answer}    <=    ${SITE_DATA.timings.answer_s}

Recordings Are Listed In Time
    [Tags]    PZ-N376
    ${answer} =    Ask For Recordings Between    0    4000000000
    Answer Should Be    ${answer}    200
    Get Answer Time    ${answer}    <=    ${SITE_DATA.timings.answer_s}
