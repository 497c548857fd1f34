*** Settings ***
Documentation     What was recorded while one day became the next is stored, listed and played like any other time.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    historic    PZ-11431


*** Test Cases ***
Rows Go On Over Midnight
    ${midnight} =    Find A Recording Over Midnight
    ${view} =    Open Historic View    ${midnight}    channels=1-3    nfft=256    height=200
    Rows Should Follow Each Other Inside    ${view}    ${midnight}

A Waterfall Goes On Over Midnight
    ${midnight} =    Find A Recording Over Midnight
    ${view} =    Open Historic View    ${midnight}    channels=1-3    nfft=256    height=200
    Waterfall Should Show Rows Until It Is Over    ${view}
