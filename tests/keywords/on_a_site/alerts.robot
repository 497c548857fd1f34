*** Settings ***
Documentation     Keywords of the AlertLibrary.

Library           own_site.py
Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site


*** Test Cases ***
An Alert Reaches The Operator
    Alert Should Reach The Operator    SD    high    1250 m    amount=3

An Alert That Is Sent Is Returned
    ${alert} =    Send Alert    SC    low    7 m
    Should Be Equal
    ...    ${{ ($alert.alert_class.name, $alert.severity.name, $alert.distance_m) }}
    ...    ${{ ("SC", "low", 7) }}

An Alert Is Found Wherever The Site Shows It
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SC    medium    7 m
    ${seen} =    Get Alerts    ==    ${alert.id}    sent_by=me    alert_class=SC    since=1 minute ago    within=5 s
    Get Alert Field    distance    ==    7 m    alert=${alert}
    Get Alert Field    time    >    1 minute ago    alert=${alert}    source=csv
    Get Alert Field    severity    >=    medium    alert=${alert}    source=${queue}
    Get Alert Count    ==    0    sent_by=me    distance=8 m    during=0.3 s
    Should Be Equal    ${seen[0].severity.name}    medium

Alerts Are Sorted By What Is Asked For
    Send Alert    SD    low    9 m
    Send Alert    SC    high    8 m
    Get Alert Count    ==    2    sent_by=me    within=5 s
    Get Alert Field    severity    ==    high, low    order=severity    sent_by=me
    Get Alert Field    severity    ==    low, high    order=severity    ascending=yes    sent_by=me
    Get Alert Field    distance    ==    9 m, 8 m    order=distance    sent_by=me
    Get Alert Field    alert_class    ==    SD, SC    order=alert_class    sent_by=me

A Wrong Severity Is Reported
    [Documentation]    FAIL severity of alerts in the operator's list: 'low' (severity) should be 'high' (severity)
    ${alert} =    Send Alert    SD    low    9 m
    Get Alert Count    ==    1    alert=${alert}    within=5 s
    Get Alert Field    severity    ==    high    alert=${alert}

An Alert That Does Not Come Is Reported
    [Documentation]    FAIL GLOB: severity of alerts in the operator's list: waited 0.3 s, * seen: there is no alert.
    Get Alert Field    severity    ==    low    sent_by=me    within=0.3 s

A Severity That There Is Not Is The Table's Mistake
    [Documentation]    FAIL GLOB: severity of alerts in the operator's list cannot be checked so: 'huge' is none of low*
    ${alert} =    Send Alert    SD    low    9 m
    Get Alert Count    ==    1    alert=${alert}    within=5 s
    Get Alert Field    severity    ==    huge    alert=${alert}

A Distance Without Metres Is Not Understood
    [Documentation]    FAIL GLOB: *A distance is written like '1250 m', not '7'.
    Send Alert    SC    low    7

An Unknown Severity Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'huge' that cannot be converted to 'low', 'medium' or 'high'.
    Send Alert    SC    huge    7 m

A Good Alert Is Not Refused
    [Documentation]    FAIL An alert with severity 2 was accepted (201). It must be refused with 400. Alert removed.
    Alert Should Be Refused    severity=2

An Unknown Class That Is Accepted Is Reported
    [Documentation]    FAIL An alert with classId 105 was accepted (201). It must be refused with 400. Alert removed.
    [Setup]    Turn On    alert-class-accepted
    Alert Should Be Refused    class=105
    [Teardown]    Turn Off    alert-class-accepted

A Missing Field That Is Accepted Is Reported
    [Documentation]    FAIL An alert with no dofM was accepted (201). It must be refused with 400. Alert removed.
    [Setup]    Turn On    alert-fields-accepted
    Alert Should Be Refused    missing=distance
    [Teardown]    Turn Off    alert-fields-accepted

Alerts In The Wrong Order Are Reported
    [Documentation]    FAIL GLOB: 3 alerts, first the *, passed the exchange changed:\n- they passed in another *
    [Setup]    Turn On    alerts-reversed
    Alert Should Reach The Operator    SD    high    9 m    amount=3
    [Teardown]    Turn Off    alerts-reversed

A Message That Is Wrong Is Reported
    [Documentation]    FAIL GLOB: *passed the exchange changed:\n- content_type is 'text/plain' instead of *
    [Setup]    Turn On    alerts-as-text
    Alert Should Reach The Operator    SD    high    9 m
    [Teardown]    Turn Off    alerts-as-text

A Refused Alert That Is Sent Is Reported
    [Documentation]    FAIL GLOB: The refused alert with severity 9 was not held back:\n- it passed the exchange: *
    [Setup]    Turn On    refused-alerts-published
    Alert Should Be Refused    severity=9
    [Teardown]    Turn Off    refused-alerts-published

An Alert Is Listed In Its Regions
    ${alert} =    Send Alert    SD    high    9 m
    Get Alert Count    ==    1    alert=${alert}    within=5 s
    Alert Should Be Listed In Its Regions Only    ${alert}

A Region That Lists Every Alert Is Reported
    [Documentation]    FAIL GLOB: *is not listed by its regions:\n- it is listed for region South; its regions are *
    [Setup]    Turn On    alert-regions-ignored
    ${alert} =    Send Alert    SD    high    9 m
    Get Alert Count    ==    1    alert=${alert}    within=5 s
    Alert Should Be Listed In Its Regions Only    ${alert}
    [Teardown]    Turn Off    alert-regions-ignored

Alerts Are Sent Together, In A Row And At Once
    ${queue} =    Bind Private Queue
    ${together} =    Send Alerts    2    SD    low    9 m
    ${row} =    Send Alerts In A Row    2    SD    low    8 m
    Send Alerts At Once    3    SC    low    9 m
    Get Alerts    ==    ${together}    sent_by=me    distance=9 m    alert_class=SD    source=${queue}    within=5 s
    Get Alerts    ==    ${row}    sent_by=me    distance=8 m    source=${queue}
    Get Alert Count    ==    3    sent_by=me    alert_class=SC    source=${queue}

The Traces Of An Alert Stand On One Time Line
    ${queue} =    Bind Private Queue
    ${alert} =    Send Alert    SD    high    9 m
    Get Alert Trace Count    ${alert}    ==    1    place=list    within=5 s
    ${traces} =    Get Alert Traces    ${alert}    contains    request, answer, message, log, list    queue=${queue}
    Should Be Equal    ${traces[0].place}    request
    Get Alert Trace Count    ${alert}    ==    0    place=document

An Alert That Would Close Too Late Is The Table's Mistake
    [Documentation]    FAIL GLOB: closes_in is a time above 0 and below * s, the site's alert_closed_s, and begun *
    Publish Alert    SD    low    9 m    closes_in=1 hour

An Alert Is Refused For One Change Only
    [Documentation]    FAIL An alert is refused for one change, not 2: class, severity.
    Alert Should Be Refused    class=0    severity=0
