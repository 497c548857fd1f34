*** Settings ***
Documentation     The database while views are open and read. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive    PZ-15140


*** Test Cases ***
MongoDB Answers In Time While Fifteen Views Are Read
    ${steps} =    Raise Number Of Views    15    by=5
    Get Most Open Views    ${steps}    ==    15
    Get Query Time    ping    <    100 ms
    Get Query Time    count of recordings    <    200 ms
    Get Query Time    recordings of a day    <    ${SITE_DATA.timings.query_range_s} s

Lists Of Recordings Leave No Connection Open
    [Documentation]    The server asks the database for each list; connections that stay would use it up.
    ${load} =    Apply Load Profile    lists_of_recordings
    Get Load Figure    ${load}    success    >=    95 %
    Get Load Resource    ${load}    connections to MongoDB    <    20    of=growth
    Get Load Figure    ${load}    p95    <    ${SITE_DATA.load.response_p95_s} s
