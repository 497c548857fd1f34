*** Settings ***
Documentation     How long it takes to play a recording to its end: alone on the site, by the site's own limits.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         nightly    historic    exclusive


*** Test Cases ***
A Recorded Minute Is Played To Its End In Time
    [Tags]    PZ-13864    regression
    ${recording} =    Find A Recording    at_least=1 minute
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Playback Should Finish    ${view}    within=${SITE_DATA.timings.playback_minute_s}
    Path Should Be Answered Within    /waterfall/${view.job_id}/10    ${SITE_DATA.timings.waterfall_s}    status=208
    ...    content_type=${EMPTY}

Rows Of Five Recorded Minutes Are Over In Time
    [Tags]    PZ-13868    slow
    ${recording} =    Find A Recording    at_least=5 minutes
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Waterfall Should Show Rows Until It Is Over    ${view}    within=${SITE_DATA.timings.playback_s}
