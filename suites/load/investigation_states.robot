*** Settings ***
Documentation     Investigations that are open at the same time, and what the server reports of each. Alone on the
...               site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
The States Of Ten Investigations Are Asked For Together
    [Tags]    PZ-N930
    ${views} =    Open Views At The Same Time    10    channels=1-3
    Get View Field    ${views}    state    ==    running    within=${SITE_DATA.timings.job_running_s} s

A State That Twenty Ask For Is The Same For All
    [Tags]    PZ-N931
    ${view} =    Open Live View    channels=1-3
    View Should Be Running    ${view}
    Concurrent Requests Should Be Answered Alike    /ack/${view.job_id}    20

An Investigation Waits, Runs And Goes
    [Tags]    PZ-N932
    ${view} =    Open Live View    channels=1-3
    States Of View Should Be    ${view}    waiting    running
    Close View    ${view}
    View Should Be Gone    ${view}

Ten Who Ask For Metadata Of Their Views Are Answered In Time
    [Documentation]    The tasks that PZ-13771 polls at the same time.
    [Tags]    PZ-N933
    ${views} =    Open Views At The Same Time    10    channels=1-3
    Metadata Asked At The Same Time Should Match Their Views    ${views}

Twenty Tasks Are Created By Ten Who Ask
    [Documentation]    Ten at the same time, twice.
    [Tags]    PZ-N934
    Each Level Of Load Should Be Accepted    10    10    at_least=90
