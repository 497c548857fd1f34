*** Settings ***
Documentation     Analyses that begin with an alert.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc    webapp    rabbitmq    mongodb
Suite Teardown    Close Site
Test Setup        No Operation
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
An Analysis Of An Alert Opens In A Tab Of Its Own
    [Tags]    PZ-8989
    ${alert} =    Open Details Of A New Alert
    Analyse Alert
    Start View
    Tabs Should Be    Alert ${alert.id}
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}

A Live Template Shows The Place Of The Alert
    [Tags]    PZ-9000
    Open Details Of A New Alert    4500 m
    ${channel} =    Get Shown Channel Of Details
    Analyse Alert    Live SingleChannel
    Start View
    Get Shown View Channels    ==    ${channel}-${channel}

A History Template Shows The Time Of The Alert
    [Tags]    PZ-9286
    ${recording} =    Find A Recording    at_least=60 seconds
    Open Details Of A Recorded Alert    ${recording}
    Analyse Alert    History MultiChannel
    Start View
    Get Shown Row Count    >    5    within=${SITE_DATA.timings.first_frame_s}
    Times Of View Should Lie In    ${recording}

The Time Of An Analysis Is Changed In Its Form
    [Tags]    PZ-9284
    ${recording} =    Find A Recording    at_least=60 seconds
    ${middle} =    Take Middle Of Recording    ${recording}
    Open Details Of A Recorded Alert    ${recording}
    Analyse Alert    History MultiChannel    ${middle}
    Start View
    Whole Time Should Have Been Shown    ${middle}

An Alert At A Reference Line Is Analysed From The Map
    [Tags]    PZ-9823
    Open Operator Page    map
    Add Reference Line    Gate of research    4500
    ${alert} =    Send Alert    SD    high    4500 m
    Open Details On Map    ${alert}
    ${channel} =    Get Shown Channel Of Details
    Analyse Alert    Live SingleChannel
    Start View
    Get Shown View Channels    ==    ${channel}-${channel}
    Go To View    map
    Get Reference Line Field    distance    ==    4500 m    line=Gate of research    within=5 s

Another Alert Meanwhile Does Not Change What Is Analysed
    [Tags]    PZ-9281
    ${alert} =    Open Details Of A New Alert
    Click    ${UI.details.analyse}
    Send Alert    SC    low    2000 m
    Get Journal Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Click    ${UI.details.open_analysis}
    Page Should Be Drawn    analysis
    Start View
    Tabs Should Be    Alert ${alert.id}

An Alert That Is Still Open Can Be Analysed
    [Tags]    PZ-9308
    ${alert} =    Open Details Of A New Alert
    Get Text    ${UI.details.status}    *=    open
    Analyse Alert
    Start View
    Go To View    journal
    Get Journal Alert Field    status    ==    open    alert=${alert}    within=5 s

Times Are True While Summer Time Ends
    [Tags]    PZ-9283
    ${before} =    Publish Alert    SD    high    1250 m    begun=2026-10-25 00:30:00
    ${after} =    Publish Alert    SD    high    1250 m    begun=2026-10-25 01:30:00
    Get Alert Count    ==    2    sent_by=me    within=${SITE_DATA.timings.alert_visible_s}
    Details Should Begin    ${before}    2026-10-25T00:30    2026-10-25 02:30:00    Europe/Berlin
    Details Should Begin    ${after}    2026-10-25T01:30    2026-10-25 02:30:00    Europe/Berlin
