*** Settings ***
Documentation     Frames are read once and may be asked for several things.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Look into the frames of a stream


*** Test Cases ***
Frames Hold The Channels That Were Asked For
    ${view} =    Open Live View    channels=11-20    nfft=512
    Get Frame Count    ${view}    >=    3
    Streams Should Show    ${view}    at_least=3
