*** Settings ***
Documentation     Recordings that were made for the test: the server lists and plays them as those of the recorder, and
...               a question about few of many does not look at all. Exclusive: other tests would find them.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    exclusive    regression    nightly


*** Test Cases ***
Generated Recordings Are Listed
    [Tags]    PZ-N1200
    Generate Recordings    20    length=1 minute    gap=5 s    holes=2    deleted=20 %    seed=7
    Recordings Should Be Listed As MongoDB Holds Them    everything

A Generated Recording Is Played To Its End
    [Tags]    PZ-N1201
    ${data} =    Generate Recordings    2    length=10 seconds    gap=1 minute    seed=7
    ${recordings} =    Get Recordings    since=${data.start}    until=${data.end}    first=1
    Each Should Play To Its End    ${recordings}

Deleted Generated Recordings Are Not Listed
    [Tags]    PZ-N1202
    Generate Recordings    10    length=1 minute    gap=1 minute    deleted=50 %    seed=7
    Deleted Recordings Should Not Be Listed

The Last Hour Is Found By Its Index Among A Thousand
    [Tags]    PZ-N1203
    Generate Recordings    1000    seed=7
    Get Query Plan Field    recordings of the last hour    indexed by    ==    start_time

Removed Data Leave Nothing
    [Tags]    PZ-N1204
    ${data} =    Generate Data    busy day    seed=7
    Remove Data    ${data}
    Get Data Sets    not contains    ${data.name}
    Get Recording Count    ==    0    until=${data.end}
