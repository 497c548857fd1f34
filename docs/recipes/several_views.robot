*** Settings ***
Documentation     The requests are under way together. Each view has streams of its own, and every one of them
...               delivers.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Open several views at the same time


*** Test Cases ***
Two Views Of One Moment Are Apart
    ${views} =    Open Views At The Same Time    2    channels=1-3
    Each View Should Answer What Was Asked    ${views}
    Every Stream Of Each View Should Deliver Frames    ${views}
