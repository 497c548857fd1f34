*** Settings ***
Documentation     What the Focus Server reports about the fibre and its jobs.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Channels Are Those Of The Fibre
    [Tags]    PZ-13419    smoke
    Channels Should Be Those Of The Site

Sensors Count Up From Zero
    [Tags]    PZ-13897    smoke
    Sensors Should Count Up From Zero

Live Metadata Describe Fibre And Software
    [Tags]    PZ-13420    smoke
    Live Metadata Should Be Complete

Live Metadata Are What The Recorder Writes
    [Tags]    PZ-13764
    Live Metadata Should Be Those Of The Running Recording

A Description Stays What It Is
    [Tags]    PZ-14810
    [Template]    Repeated Requests Should Be Answered Alike
    /channels    5
    /sensors    5
    /live_metadata    5

Concurrent Requests For The Description Are Answered Alike
    [Tags]    PZ-14793
    [Template]    Concurrent Requests Should Be Answered Alike
    /channels    30
    /sensors    10
    /live_metadata    20

A Query Behind A Path Changes Nothing
    [Tags]    PZ-N353
    [Template]    Query Should Change Nothing
    /ack    probe=1
    /channels    lowest_channel=5&highest_channel=9
    /channels    x=%00&x=..%2F..%2Fetc%2Fpasswd
    /sensors    limit=1
    /live_metadata    prr=1&dx=%D7%A9%D7%9C%D7%95%D7%9D
    /openapi.json    callback=alert

A Job That Does Not Exist Is Not Found
    [Tags]    PZ-13563    smoke
    [Template]    Job Should Not Be Found
    GET    /metadata/999-999999
    GET    /ack/999-999999
    GET    /waterfall/999-999999
    GET    /waterfall/999-999999/10
    DELETE    /job/999-999999

A Malformed Id Belongs To No Job
    [Tags]    PZ-N354
    [Template]    Job Should Not Be Found
    GET    /metadata/0
    GET    /metadata/-1
    GET    /metadata/null
    GET    /metadata/שלום
    GET    /metadata/1-1'%20OR%20'1'='1
    GET    /ack/undefined
    GET    /ack/7-
    GET    /waterfall/7%20-%201/10
    DELETE    /job/*
    DELETE    /job/%2e%2e

An Unknown Path Is Not Found
    [Tags]    PZ-N355
    [Template]    Path Should Not Be Found
    /no_such_route
    /
    /metadata/
    /metadata/1-1/more
    /CHANNELS
    /job/    DELETE
