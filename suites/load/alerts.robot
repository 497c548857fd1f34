*** Settings ***
Documentation     Alerts at a rate: none is lost, doubled or overtaken, and all are answered and handed on in time.
...               Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    alerts    load    slow    exclusive


*** Test Cases ***
A Thousand Alerts Pass Once And In Order And Are Listed
    [Tags]    PZ-14953
    ${load} =    Apply Load Of Alerts    1000    rate=100    users=4
    Alerts Of Load Should Be Accepted And Pass    ${load}
    Get Listed Alerts Of Load    ${load}    ==    1000    within=${SITE_DATA.timings.alert_visible_s}

Alerts Of One Request Stay Together By The Hundred
    [Documentation]    Ten in each request: they pass in the order in which they stand there.
    [Tags]    PZ-14953
    ${load} =    Apply Load Of Alerts    1000    rate=200    per_request=10
    Alerts Of Load Should Be Accepted And Pass    ${load}

A Steady Rate Of Alerts Leaves No Queue
    [Documentation]    Two minutes on a real site, and five a second.
    [Tags]    PZ-14954
    ${load} =    Apply Load Of Alerts    rate=5    duration=${SITE_DATA.load.alerts.sustained_s} s
    Alerts Of Load Should Be Accepted And Pass    ${load}
    Get Queue Field    messages    ==    0    key=Algorithm.AlertReport    within=${SITE_DATA.timings.reconnected_s}

A Queue That Nobody Reads Rises By Each Alert And Drains
    [Tags]    PZ-14954
    ${queue} =    Bind Private Queue
    ${load} =    Apply Load Of Alerts    200    rate=50
    Get Load Figure    ${load}    confirmed alerts    ==    200
    Get Queue Field    ready    ==    200    name=${queue.name}    within=${SITE_DATA.timings.reconnected_s}
    Get Message Count    ${queue}    ==    200
    Get Queue Field    ready    ==    0    name=${queue.name}    within=${SITE_DATA.timings.reconnected_s}

Alerts Of Every Kind Are Taken Alike
    [Tags]    PZ-14956
    ${load} =    Apply Load Of Alerts    120    rate=20
    Get Load Figure    ${load}    wrong alerts    ==    0
    Get Load Figure    ${load}    lost alerts    ==    0
    Every Kind Of Alert Should Succeed    ${load}    at_least=95 %

The Web App Answers Alerts In Time
    [Tags]    PZ-14958
    ${load} =    Apply Load Of Alerts    100    rate=10
    Get Load Figure    ${load}    success    ==    100 %
    Get Load Figure    ${load}    mean    <    ${SITE_DATA.load.alerts.answer.mean_s} s
    Get Load Figure    ${load}    p95    <    ${SITE_DATA.load.alerts.answer.p95_s} s
    Get Load Figure    ${load}    p99    <    ${SITE_DATA.load.alerts.answer_p99_s} s

A Hundred Alerts A Second Are Accepted
    [Tags]    PZ-14959
    ${load} =    Apply Load Of Alerts    amount=1000    rate=${SITE_DATA.load.alerts.per_s}    users=4
    Get Load Figure    ${load}    lost alerts    ==    0
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.alerts.success_percent} %
    Get Load Figure    ${load}    kept rate    >=    95 %

The Broker Hands Alerts On In Time
    [Tags]    PZ-14960
    ${load} =    Apply Load Of Alerts    400    rate=40    by=broker
    Alerts Of Load Should Be Accepted And Pass    ${load}
    Get Load Figure    ${load}    arrival mean    <    ${SITE_DATA.load.alerts.publish.mean_s} s
    Get Load Figure    ${load}    arrival p95    <    ${SITE_DATA.load.alerts.publish.p95_s} s

Five Hundred Alerts Use Little
    [Tags]    PZ-14961
    ${load} =    Apply Load Of Alerts    500    rate=50
    Pods Should Use Little Under The Load    ${load}    webapp    focus server    rabbitmq
    Get Load Figure    ${load}    success    >=    ${SITE_DATA.load.alerts.success_percent} %

Alerts Reach Their Consumer In Time
    [Documentation]    From the request to the web app until the message has come through the exchange.
    [Tags]    PZ-14962
    ${load} =    Apply Load Of Alerts    200    rate=20
    Alerts Of Load Should Be Accepted And Pass    ${load}
    Get Load Figure    ${load}    arrival mean    <    ${SITE_DATA.load.alerts.end_to_end.mean_s} s
    Get Load Figure    ${load}    arrival p95    <    ${SITE_DATA.load.alerts.end_to_end.p95_s} s
