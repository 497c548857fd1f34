*** Settings ***
Documentation     What is refused leaves nothing behind. Alone on the site: jobs of other tests would be counted too.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    kubernetes
Suite Teardown    Close Site

Test Tags         regression    nightly    historic    exclusive


*** Test Cases ***
A Window Without Recordings Is Refused And Starts No Job
    [Tags]    PZ-14019
    ${jobs} =    Count Jobs Of The Site
    Historic View Should Be Refused    -7300 days    -7299 days 23 hours 59 minutes    no recording
    No Job Should Have Been Started Since    ${jobs}

An Invalid View Starts No Job
    [Tags]    PZ-13600
    ${jobs} =    Count Jobs Of The Site
    View Should Be Refused    nfft=0    because=nfft
    No Job Should Have Been Started Since    ${jobs}
