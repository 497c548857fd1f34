*** Settings ***
Documentation     A word that opens something returns it. The answer is compared with what was asked for, value by
...               value, and every stream has to deliver frames.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Open a live view and check it


*** Test Cases ***
A Live View Answers And Delivers
    ${view} =    Open Live View    channels=11-109    nfft=1024    frequency=0-1000 Hz
    View Should Answer What Was Asked    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=3
