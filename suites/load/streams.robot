*** Settings ***
Documentation     Streams and rows of many views that are read at the same time. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Ten Views Share The Network Fairly And Lose No Row
    [Documentation]    Less than 800 Mbit in a second, which is 100 MB.
    [Tags]    PZ-15139
    ${load} =    Hold Views    10    duration=15 s    channels=1-200
    Get Load Figure    ${load}    opened views    ==    10
    Get Load Figure    ${load}    gaps    ==    0
    Get Load Figure    ${load}    reconnects    ==    0
    Get Load Figure    ${load}    fairness    >=    70 %
    Get Load Figure    ${load}    bytes a second    <    100 MB
    Get Load Figure    ${load}    row age p95    <    5 s

Twice As Many Views Bring Twice As Many Frames
    [Tags]    PZ-15139
    ${five} =    Hold Views    5    duration=10 s
    ${ten} =    Hold Views    10    duration=10 s
    Load Should Scale    ${five}    ${ten}    frames a second    at_least=1.4    at_most=2.6

Rows Come In Time While Ten Views Are Read
    [Tags]    PZ-15141
    ${view} =    Open Live View    channels=1-3    frequency=0-100 Hz
    Waterfall Should Hold As Many Rows As Asked For    ${view}    100
    Keep Reading    ${view}
    ${load} =    Apply Load    GET /waterfall/${view.job_id}/100    rate=10    duration=10 s    status=201    views=10
    Get Load Figure    ${load}    success    >=    98 %
    Get Load Figure    ${load}    mean    <    300 ms
    Get Load Figure    ${load}    p95    <    500 ms
    Get Load Figure    ${load}    silent views    ==    0

A Thousand Rows Come Within Two Seconds
    [Tags]    PZ-15141
    ${view} =    Open Live View    channels=1-3    frequency=0-100 Hz
    Waterfall Should Hold As Many Rows As Asked For    ${view}    1000
    ${load} =    Apply Load    GET /waterfall/${view.job_id}/1000    rate=2    duration=10 s    status=201
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    p95    <    2 s
