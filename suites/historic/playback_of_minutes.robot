*** Settings ***
Documentation     Recordings of minutes, played to their end.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    historic    slow


*** Test Cases ***
Historic Playback Of Five Recorded Minutes Runs To Its End
    [Tags]    PZ-13863
    ${recording} =    Find A Recording    at_least=5 minutes
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Playback Should Finish    ${view}
