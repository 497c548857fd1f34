*** Settings ***
Documentation     A view that cannot be opened leaves neither job, pod, service nor queue, and the next one is served.
...               Alone on the site: what other tests start would be counted too.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         regression    nightly    cluster    exclusive


*** Test Cases ***
A View That Is Refused Leaves No Part
    [Tags]    PZ-13873
    Refusal Should Leave No Part Of A View    View Should Be Refused    nfft=0    field=nfftSelection
    Refusal Should Leave No Part Of A View    View Without Should Be Refused    channels
    Live View Should Be Answered As Asked    channels=1-3

A Window Without Data Is Refused Clearly And Leaves No Part
    [Tags]    PZ-13873
    Refusal Should Leave No Part Of A View
    ...    Historic View Should Be Refused    -7300 days    -7299 days 23 hours 59 minutes    no recording
    Live View Should Be Answered As Asked    channels=1-3

A Request Without Any Field Leaves No Error In The Log Of The Focus Server
    [Tags]    PZ-N847
    Ask Focus Server    POST    /configure    {}
    Open Live View    channels=1-3
    Get Log Line Count    >=    2    workload=focus_server    containing=/configure    since=test start    within=5 s
    Get Log Line Count    ==    0    workload=focus_server    level=error    since=test start
