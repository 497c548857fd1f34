*** Settings ***
Documentation     Exercise 1: a live view of channels 20 to 40, from the request to the frames.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
Live View Of Twenty Channels Delivers Frames
    ${view} =    Open Live View    channels=20-40
    View Should Answer What Was Asked    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=3
