*** Settings ***
Documentation     How long small requests take at a steady rate, by the site's own limits. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Liveness Is Answered In Time Ten Times A Second
    [Tags]    PZ-14033
    ${load} =    Apply Load    GET /ack    rate=10    duration=15 s
    Get Load Figure    ${load}    errors    ==    0
    Get Load Figure    ${load}    mean    <    ${SITE_DATA.timings.health_mean_s} s
    Get Load Figure    ${load}    p95    <    ${SITE_DATA.timings.health_p95_s} s

Two Hundred Answers To The Liveness Keep The Limits
    [Tags]    PZ-N900
    ${load} =    Apply Load    GET /ack    rate=25    duration=8 s    users=2
    Load Should Keep The Limits    ${load}    ${SITE_DATA.load.health}

A Hundred Lists Of Channels Come In Time
    [Tags]    PZ-N901
    ${load} =    Apply Load    GET /channels    rate=10    duration=10 s
    Get Load Figure    ${load}    errors    <=    ${SITE_DATA.load.error_percent} %
    Get Load Figure    ${load}    p95    <=    ${SITE_DATA.load.channels_p95_s} s

Requests Of All Kinds Keep The Limits
    [Tags]    PZ-N902
    ${load} =    Apply Load Profile    reading
    Load Should Keep The Limits    ${load}    ${SITE_DATA.load.answers}

More Than Twenty Requests A Second Are Served
    [Tags]    PZ-N903
    ${load} =    Apply Load    GET /channels    rate=40    duration=10 s    users=2
    Get Load Figure    ${load}    errors    <=    ${SITE_DATA.load.error_percent} %
    Get Load Figure    ${load}    rate    >    ${SITE_DATA.load.throughput_per_s}

Small Answers Take Less Than Half A Second, And Their First Byte Less Than A Fifth
    [Tags]    PZ-N904
    ${load} =    Apply Load    GET /live_metadata    rate=20    duration=6 s    users=2
    Load Should Be Valid    ${load}    limit=${SITE_DATA.load.latency_p95_s} s
    Get Load Figure    ${load}    p95    <    ${SITE_DATA.load.response_p95_s} s
    Get Load Figure    ${load}    first byte p95    <    ${SITE_DATA.load.latency_p95_s} s

The Network Adds Little And Nearly The Same To Each Answer
    [Documentation]    A connection is opened, and a request on an open one begins to be answered, within the limit; no
    ...    answer takes two seconds longer than another.
    [Tags]    PZ-14798
    ${load} =    Apply Load    GET /ack    rate=20    duration=6 s    users=2
    Get Load Figure    ${load}    connect mean    <    ${SITE_DATA.load.latency_p95_s} s
    Get Load Figure    ${load}    first byte p95    <    ${SITE_DATA.load.latency_p95_s} s
    Get Load Figure    ${load}    slowest    <    2 s

Changes Of An Open View Are Answered In Time
    [Documentation]    95 % within 300 ms and 99 % within 500 ms, as the scenario has it.
    [Tags]    PZ-13770
    ${view} =    Open Live View    channels=1-8
    Change ROI    ${view}    channels=3-6
    ${load} =    Apply Load    POST /config/${view.job_id}    rate=5    duration=20 s    body={"roi": [2, 5]}
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    p95    <    300 ms
    Get Load Figure    ${load}    p99    <    500 ms
