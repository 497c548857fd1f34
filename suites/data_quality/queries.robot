*** Settings ***
Documentation     What questions cost the database: time and connections. Exclusive: other tests would ask as well.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    exclusive    regression    nightly


*** Test Cases ***
Usual Queries Are Answered Within The Site's Limits
    [Tags]    PZ-14797
    [Template]    Get Query Time
    count of recordings    <=    ${SITE_DATA.timings.query_count_s} s
    recordings of a day    <=    ${SITE_DATA.timings.query_range_s} s
    all recordings    <=    ${SITE_DATA.timings.query_all_s} s

Asking For Recordings Leaves No Connection Open
    [Tags]    PZ-N573
    Asking For Recordings Should Leave No Connection Open
