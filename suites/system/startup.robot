*** Settings ***
Documentation     The Focus Server came up cleanly and serves: views side by side, each on a port of its own.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    cluster    PZ-13873


*** Test Cases ***
Focus Server Has Started Cleanly
    Pods Of Workload Should Be Ready    focus_server
    ${answer} =    Ask Focus Server    GET    /ack
    Answer Should Be    ${answer}    200
    Focus Server Should Have Started Cleanly
    Live View Should Be Answered As Asked    channels=1-3

Views Side By Side Have Ports Of Their Own
    ${views} =    Open Views At The Same Time    4    channels=1-3    nfft=256
    Views Should Not Share Anything    ${views}
    Service Of Each View Should Serve Its Port    ${views}
    Every Stream Of Each View Should Deliver Frames    ${views}
