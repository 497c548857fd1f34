*** Settings ***
Documentation     How long answers take on a site that does nothing else: alone on the site, by the site's own timings.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    performance    exclusive


*** Test Cases ***
Health And Description Are Answered In Time
    [Tags]    PZ-N204
    [Template]    Path Should Be Answered Within
    /ack    ${SITE_DATA.timings.health_s}
    /health    ${SITE_DATA.timings.health_s}
    /channels    ${SITE_DATA.timings.channels_s}

A View Is Answered In Time
    [Tags]    PZ-14790
    ${view} =    Open Live View
    Answer Should Have Taken At Most    ${view.exchange}    ${SITE_DATA.timings.configure_s}

Metadata Of A View Are Answered In Time
    [Tags]    PZ-14792
    ${view} =    Open Live View
    Path Should Be Answered Within    /metadata/${view.job_id}    ${SITE_DATA.timings.metadata_s}

Rows Of A View Are Answered In Time
    [Tags]    PZ-14791
    ${view} =    Open Live View    channels=1-8
    Waterfall Should Show The View    ${view}    rows=10
    Path Should Be Answered Within    /waterfall/${view.job_id}/10    ${SITE_DATA.timings.waterfall_s}    status=201

A Refusal Is Answered In Time
    [Tags]    PZ-N205
    ${answer} =    Ask Focus Server    POST    /configure    {}
    Request Should Have Been Refused    ${answer}    422    required
    Answer Should Have Taken At Most    ${answer}    ${SITE_DATA.timings.configure_s}
