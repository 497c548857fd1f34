*** Settings ***
Documentation     Exercise 1: a live view of channels 20 to 40, from the request to the frames.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
Live View Of Twenty Channels Delivers Frames
    Log    Replace this step by yours.
