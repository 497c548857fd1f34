*** Settings ***
Documentation     Keywords of the DataLibrary: the words about data quality find what they make, and it is gone after
...               its test.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    rest    webapp    mongodb    rabbitmq
Suite Teardown    Close Site

Test Tags         exclusive


*** Test Cases ***
A Profile Is Made And Is What It Says
    ${data} =    Generate Data    busy day    seed=7
    Should Be Equal As Integers    ${data.recordings}    288
    Get Recording Count    ==    288    since=${data.start}    until=${data.end}
    Get Data Set Field    alerts    ==    200    name=${data.name}
    Get Data Set Field    users    ==    2    name=${data.name}
    Get Data Set Field    regions    ==    2    name=${data.name}

What The Test Before Made Is Gone
    Get Data Sets    ==    ${EMPTY}

A Base Path Of Its Own Is Clean Where Nothing Is Damaged
    ${data} =    Generate Recordings    20    gap=1 s    deleted=10 %    base_path=own
    Get Recording Count    ==    20    base_path=${data.base_path}
    Get Base Paths    contains    ${data.base_path}
    Recordings Should Not Overlap
    Documents Should Fit Their Schema    recordings

A Repeated Uuid Is Found
    [Documentation]    FAIL GLOB: Values of uuid that documents of recordings share:*
    Generate Recordings    3    damaged=repeated uuid    base_path=own
    Get Repeated Values    recordings    uuid    ==    ${EMPTY}

An End Before Its Start Is Found
    [Documentation]    FAIL GLOB: Recordings:*
    Generate Recordings    3    damaged=end before start    base_path=own
    Get Recordings    ==    ${EMPTY}    at_most=0 s

A Recording Of The Future Is Found
    [Documentation]    FAIL GLOB: *future*
    Generate Recordings    3    damaged=in future    base_path=own
    Recordings Should Not Lie In The Future

Overlapping Recordings Are Found
    [Documentation]    FAIL GLOB: *overlap*
    Generate Recordings    3    gap=1 s    overlapping=1    base_path=own
    Recordings Should Not Overlap

An Orphan Is Found
    [Documentation]    FAIL GLOB: *orphan*
    Generate Recordings    3    damaged=orphan    base_path=own
    Recordings Should Be Only    historic    live    deleted

A Recording Without Start Is Found
    [Documentation]    FAIL GLOB: *invalid*
    Generate Recordings    3    damaged=no start    base_path=own
    Recordings Should Be Only    historic    live    deleted

A Stale Recording Is Found
    [Documentation]    FAIL GLOB: *stale*
    Generate Recordings    3    damaged=stale    base_path=own
    Recordings Should Be Only    historic    live    deleted

A Malformed Uuid Is Found
    [Documentation]    FAIL GLOB: *uuid*
    Generate Recordings    3    damaged=malformed uuid    base_path=own
    Documents Should Fit Their Schema    recordings

A Flag That Is A Text Is Found
    [Documentation]    FAIL GLOB: *deleted*
    Generate Recordings    3    damaged=text as deleted    base_path=own
    Documents Should Fit Their Schema    recordings

A Time That Is A Text Is Found
    [Documentation]    FAIL GLOB: *start_time*
    Generate Recordings    3    damaged=text as time    base_path=own
    Documents Should Fit Their Schema    recordings

A Missing Fibre Is Found
    [Documentation]    FAIL GLOB: *prr*
    Generate Recordings    3    damaged=no fibre    base_path=own
    Documents Should Fit Their Schema    metadata

Data That This Run Did Not Make Are Not Removed
    [Documentation]    FAIL GLOB: This run did not make *
    ${data} =    Generate Regions    1
    Remove Data    ${data}
    Remove Data    ${data}
