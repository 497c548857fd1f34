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

An Alert Is Refused For One Change Only
    [Documentation]    FAIL An alert is refused for one change, not 2: class, severity.
    Alert Should Be Refused    class=0    severity=0
