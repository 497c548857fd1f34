*** Settings ***
Documentation     Alerts that the web app must refuse, naming the field, with nothing sent to the exchange.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    regression    nightly


*** Test Cases ***
An Unknown Class Is Refused
    [Tags]    PZ-14938    smoke
    [Template]    Alert Should Be Refused
    class=0
    class=1
    class=100
    class=105
    class=999
    class=-1

An Unknown Severity Is Refused
    [Tags]    PZ-14939    smoke
    [Template]    Alert Should Be Refused
    severity=0
    severity=4
    severity=5
    severity=100
    severity=-1

A Distance Before The Fibre Is Refused
    [Tags]    PZ-14940    smoke
    [Template]    Alert Should Be Refused
    distance=-1
    distance=-100

A Distance Beyond The Fibre Is Refused
    [Tags]    PZ-N974
    Alert Should Be Refused    distance=10000000

A Number That Is Not Whole Is Refused
    [Tags]    PZ-N975
    [Template]    Alert Should Be Refused
    class=104.5
    severity=2.5
    distance=12.5

A Missing Field Is Refused
    [Tags]    PZ-14941    smoke
    [Template]    Alert Should Be Refused
    missing=class
    missing=severity
    missing=distance
    missing=amount
    missing=ids

An Id Of Another Form Is Refused
    [Tags]    PZ-14943
    [Template]    Alert Should Be Refused
    id=${EMPTY}
    id=two words
    id=two\nlines
    ids=0

More Ids Than A Request May Hold Are Refused
    [Tags]    PZ-N976
    Alert Should Be Refused    ids=101

An Amount Of Zero Is Refused
    [Tags]    PZ-14947
    Alert Should Be Refused    amount=0

An Amount Beyond The Number Of Ids Is Refused
    [Tags]    PZ-N109
    Alert Should Be Refused    amount=2

An Alert Without A Login Is Refused
    [Tags]    PZ-N108    smoke    critical
    Alert Should Be Refused To    nobody

An Alert Of A Viewer Is Refused
    [Tags]    PZ-N821
    Alert Should Be Refused To    viewer
