*** Settings ***
Documentation     A recording is found, not named: each site has others. What is played has to be complete, in
...               order, and to end by itself.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Play a recording to its end


*** Test Cases ***
A Recording Is Played To Its End
    ${recording} =    Find A Recording    at_least=10 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-8    height=200
    Playback Should Finish    ${view}
