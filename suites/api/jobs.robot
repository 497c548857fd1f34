*** Settings ***
Documentation     Jobs are removed through the API by the client that opened them, and by nobody else.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
A Job Is Removed By Its Owner, Once
    [Tags]    PZ-N356    smoke
    ${view} =    Open Live View    channels=1-3
    ${answer} =    Ask Focus Server    DELETE    /job/${view.job_id}
    Answer Should Be    ${answer}    200
    Get Answer Field    ${answer}    job_id    ==    ${view.job_id}
    Removed Job Should Be Gone    ${view.job_id}

A Job Is Not Removed By Another User
    [Tags]    PZ-N357
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Remove The Job Of    ${view}    another user

A Job Is Not Removed By A Viewer
    [Tags]    PZ-N819
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Remove The Job Of    ${view}    viewer

A Job Is Not Removed Without A Login
    [Tags]    PZ-N357
    ${view} =    Open Live View    channels=1-3
    Another Client Should Not Remove The Job Of    ${view}    nobody

Removing One Job Leaves The Other Alone
    [Tags]    PZ-N358
    ${one} =    Open Live View    channels=1-3
    ${other} =    Open Live View    channels=4-6
    ${answer} =    Ask Focus Server    DELETE    /job/${one.job_id}
    Answer Should Be    ${answer}    200
    Removed Job Should Be Gone    ${one.job_id}
    View Should Be Running    ${other}

A Job That Does Not Exist Cannot Be Removed
    [Tags]    PZ-N201
    [Template]    Job Should Not Be Found
    DELETE    /job/999-999999
    DELETE    /job/999-999999?force=true
