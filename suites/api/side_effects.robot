*** Settings ***
Documentation     What is refused leaves nothing behind: no job, no pod, no service, no stack trace, and the next view
...               is served. Alone on the site: what other tests start would be counted too.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    kubernetes
Suite Teardown    Close Site

Test Tags         regression    nightly    api    exclusive


*** Test Cases ***
A View That Means Something Impossible Starts Nothing
    [Tags]    PZ-14018    smoke
    [Template]    Refusal Should Start Nothing
    View Should Be Refused    nfft=0    field=nfftSelection
    View Should Be Refused    channels=50-1    field=channels
    View Should Be Refused    channels=0-3    field=channels.min    because=lowest channel
    View Should Be Refused    frequency=500-100 Hz    field=frequencyRange
    View Should Be Refused    frequency=0-${SITE_DATA.limits.frequency_max_hz + 1} Hz    field=frequencyRange.max
    View Should Be Refused    height=0    field=displayInfo.height
    View With Should Be Refused    view_type    ${99}

What Is No View Starts Nothing
    [Tags]    PZ-13600
    [Template]    Refusal Should Start Nothing
    View Without Should Be Refused    channels
    View Without Should Be Refused    frequencyRange
    Null Should Be Refused    frequencyRange
    Waterfall View With Should Be Refused    nfftSelection    ${1024}
    Wrong Types Should Be Refused    view_type
    Text Should Be Refused As A View    {"channels":    because=JSON
    Malformed View Should Be Refused    cut off in the middle    422    because=JSON

A Window That Cannot Be Played Starts Nothing
    [Tags]    PZ-N309
    [Template]    Refusal Should Start Nothing
    Historic View Should Be Refused    -1 minute    -2 minutes    after    field=end_time    allowed=> start_time
    Historic View Should Be Refused    1 hour    61 minutes    future    field=end_time    allowed=<= now
    Historic View Should Be Refused    -2 minutes    ${NONE}    ambiguous    field=end_time    allowed=both or none
    View With Times Should Be Refused    ${-10}    ${-1}    negative    allowed=>= 0

A Window Without Recordings Starts Nothing
    [Tags]    PZ-14019    smoke
    Refusal Should Start Nothing
    ...    Historic View Should Be Refused    -7300 days    -7299 days 23 hours 59 minutes    no recording

After A Refusal The Next View Is Served
    [Tags]    PZ-13873
    View Without Should Be Refused    channels
    View Should Be Refused    nfft=0    field=nfftSelection
    Live View Should Be Answered As Asked    channels=1-3

A Live View Depends On The Fibre
    [Tags]    PZ-N308
    Live View Should Depend On The Fibre

Refusals Leave No Stack Trace In The Log
    [Tags]    PZ-13299
    View Should Be Refused    channels=50-1    field=channels
    View With Should Be Refused    view_type    ${99}
    View Without Should Be Refused    channels
    Null Should Be Refused    frequencyRange
    Wrong Types Should Be Refused    nfftSelection
    Text Should Be Refused As A View    {"channels":    because=JSON
    Malformed View Should Be Refused    5000 lists in each other    400    because=parsing the body
    Get Log Line Count    >=    1    workload=focus_server    containing=/configure    since=test start
    Get Log Line Count    ==    0    workload=focus_server    containing=Traceback    since=test start
    Get Log Line Count    ==    0    workload=focus_server    containing=File "    since=test start
