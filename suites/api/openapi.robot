*** Settings ***
Documentation     The server's own description of its operations is the contract, and answers follow it.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Every Operation Of The Contract Is Described, And No Other
    [Tags]    PZ-13298
    Description Should Be The Contract

Answers Follow The Description
    [Tags]    PZ-N359
    [Template]    Request Should Be Answered As Described
    200    GET    /ack
    200    GET    /health
    200    GET    /channels
    200    GET    /sensors
    200    GET    /live_metadata
    200    GET    /get_recordings_timeline
    200    POST    /recordings_in_time_range    {"start_time": 0, "end_time": 4000000000}

Refusals Follow The Description
    [Tags]    PZ-N360
    [Template]    Request Should Be Answered As Described
    404    GET    /metadata/999-999999
    404    GET    /ack/999-999999
    404    GET    /waterfall/999-999999/10
    404    DELETE    /job/999-999999
    400    POST    /recordings_in_time_range    {"start_time": 2000, "end_time": 1000}
    422    POST    /recordings_in_time_range    {}
    422    POST    /configure    {}
    422    POST    /config_task    {}
    404    POST    /config_task    {"task_id": "999-999999", "roi": [1, 2]}
    400    POST    /config/9@9    {"roi": [1, 2]}

An Operation Outside The Contract Is Not Found
    [Documentation]    A client knows /info, no document describes its answer: what is not described is not served.
    [Tags]    PZ-N501
    Path Should Not Be Found    /info

A View Follows The Description From Its Beginning To Its End
    [Tags]    PZ-N361
    ${view} =    Open Live View    channels=1-3    nfft=128    frequency=0-100 Hz
    Answer Should Follow The Description    ${view.exchange}
    View Should Be Running    ${view}
    Waterfall Should Hold As Many Rows As Asked For    ${view}    2
    Request Should Be Answered As Described    200    GET    /ack/${view.job_id}
    Request Should Be Answered As Described    200    GET    /metadata/${view.job_id}
    Request Should Be Answered As Described    201    GET    /waterfall/${view.job_id}/2
    Request Should Be Answered As Described    200    GET    /waterfall/${view.job_id}
    Request Should Be Answered As Described    200    DELETE    /job/${view.job_id}
