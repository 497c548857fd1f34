*** Settings ***
Documentation     Exercise 3: a test that is green for the wrong reason.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
The Channels Of An Open View Can Be Changed
    ${view} =    Open Live View    channels=50-150    nfft=256
    ${changed} =    Change ROI    ${view}    channels=61-111
    Should Not Be Empty    ${changed.job_id}
