*** Settings ***
Documentation     The map of the fibre: zoom, balloons, reference lines.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    map
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Map Is Zoomed And Moved
    [Tags]    PZ-8927
    Zoom In    3
    Get Attribute    ${UI.map.map}    data-zoom    >    1
    ${from} =    Get Attribute    ${UI.map.map}    data-from
    Focus    ${UI.map.map}
    Press Keys    ${UI.map.map}    ArrowRight
    Get Attribute    ${UI.map.map}    data-from    !=    ${from}
    Show Whole Fibre
    Page Should Be Accessible

Zooming Keeps Every Balloon At Its Place
    [Tags]    PZ-8739
    Add Reference Line    West of zoom    4000
    Add Reference Line    East of zoom    6000
    ${alert} =    Send Alert    SC    high    4500 m
    Get Balloon Count    ==    1    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Balloon Should Stand Between    ${alert}    West of zoom    East of zoom
    Zoom In
    Balloon Should Stand Between    ${alert}    West of zoom    East of zoom

A Balloon Stands At The Distance Of Its Alert
    [Tags]    PZ-9307    smoke
    ${alert} =    Publish Alert    SC    medium    1463 m
    Get Balloon Field    distance    ==    1463 m    alert=${alert}    within=${SITE_DATA.timings.alert_visible_s}
    Get Balloon Field    severity    ==    medium    alert=${alert}
    Get Balloon Field    alert_class    ==    SC    alert=${alert}

A New Alert At A Reference Line Stands On It
    [Tags]    PZ-9800
    Add Reference Line    Gate of new alerts    4500
    Add Reference Line    East of new alerts    6000
    ${alert} =    Send Alert    SC    high    4500 m
    Open Details On Map    ${alert}
    Balloon Should Stand Between    ${alert}    Gate of new alerts    East of new alerts
    Get Balloon Field    distance    ==    4500 m    alert=${alert}
    Get Reference Line Field    distance    ==    4500 m    line=Gate of new alerts

A Reference Line Is Added And Removed
    [Tags]    PZ-9783
    Add Reference Line    North gate    1200
    Reload
    Get Reference Line Field    distance    ==    1200 m    line=North gate    within=5 s
    Remove Reference Line    North gate
    Reload
    Reference Line Should Be Gone    North gate

Reference Lines Are Sorted And Found
    [Tags]    PZ-9784
    Add Reference Line    Beta fence post    300
    Add Reference Line    Alpha fence post    900
    Find Lines    fence post
    Sort Lines By    Distance [m]    ascending
    Get Reference Line Field    name    ==    Beta fence post, Alpha fence post
    Sort Lines By    Name    ascending
    Get Reference Line Field    name    ==    Alpha fence post, Beta fence post
    Find Lines    alpha fence
    Get Reference Line Field    name    ==    Alpha fence post
