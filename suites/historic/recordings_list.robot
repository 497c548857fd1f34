*** Settings ***
Documentation     The recordings as the Focus Server lists them for a range of time: those that MongoDB holds.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
Recordings Of A Range Are Listed With Start And End
    [Tags]    PZ-13424    smoke
    Recordings Should Be Listed As MongoDB Holds Them    the last day

The List Is What MongoDB Holds For The Range
    [Tags]    PZ-13564
    [Template]    Recordings Should Be Listed As MongoDB Holds Them
    everything
    one recording
    the middle of a recording

A Range Without Recordings Has An Empty List
    [Tags]    PZ-13766
    [Template]    Recordings Should Be Listed As MongoDB Holds Them
    up to the start of a recording
    from the end of a recording
    before all recordings

A Deleted Recording Is Not Listed
    [Tags]    PZ-N368
    Recordings Should Be Listed As MongoDB Holds Them    a deleted recording

A Recording That Goes On Has The End -1
    [Tags]    PZ-N369
    Recordings Should Be Listed As MongoDB Holds Them    a running recording

Lists Asked For At The Same Time Are Those Of Their Ranges
    [Tags]    PZ-N765
    Lists Of Recordings Asked For At The Same Time Should Be Those Of Their Windows

A Range That Means Nothing Is Refused
    [Tags]    PZ-N206
    [Template]    Range Should Be Refused For Its Value
    2000    1000    end_time    > start_time
    2000    2000    end_time    > start_time
    0    0    end_time    > start_time
    -1    2000    start_time    >= 0
    -2000    -1000    start_time    >= 0

A Range Of The Wrong Shape Is Refused
    [Tags]    PZ-N370
    [Template]    Range Should Be Refused For Its Shape
    {}    start_time    missing
    {"end_time": 2000}    start_time    missing
    {"start_time": 1000}    end_time    missing
    {"start_time": null, "end_time": 2000}    start_time    int_type
    {"start_time": "1000", "end_time": 2000}    start_time    int_type
    {"start_time": 1000.5, "end_time": 2000}    start_time    int_type
    {"start_time": true, "end_time": 2000}    start_time    int_type
    {"start_time": [1000], "end_time": 2000}    start_time    int_type
    {"start_time": 1000, "end_time": {}}    end_time    int_type
    {"start_time": 1000, "end_time": "now"}    end_time    int_type
