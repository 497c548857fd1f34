*** Settings ***
Documentation     Requests for a view that do not have the shape of one: the server answers 422 and names the field.

Resource          raw_requests.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
A View Needs Its Required Fields
    [Tags]    PZ-13430    smoke
    [Template]    View Without Should Be Refused
    displayInfo
    displayInfo.height
    channels
    channels.min
    channels.max
    view_type

A Field Has Its Type
    [Tags]    PZ-13572    smoke
    [Template]    View With Should Be Refused
    channels    11-109
    channels.min    eleven
    nfftSelection    many
    displayInfo    ${1000}
    displayInfo.height    tall
    frequencyRange.max    high
    view_type    invalid
    view_type    ${NONE}
    start_time    yesterday

What Is Not JSON Is Not A View
    [Tags]    PZ-14785    smoke
    [Template]    Text Should Be Refused As A View
    {"channels": {"min": 1,    because=JSON
    view please    because=JSON
    \[]    because=valid
    {}    because=required

A Waterfall View Has No Frequency Range And No Duration
    [Tags]    PZ-13428    smoke
    [Template]    Waterfall View With Should Be Refused
    frequencyRange    ${{ {"min": 0, "max": 500} }}
    displayTimeAxisDuration    ${10}

The NFFT Of A Waterfall View Is 1
    [Tags]    PZ-13429    smoke
    [Template]    Waterfall View With Should Be Refused
    nfftSelection    ${1024}
    nfftSelection    ${0}

A Frequency Range Of Null Is Refused
    [Tags]    PZ-13910    smoke
    View With Should Be Refused    frequencyRange    ${NONE}

A Form Instead Of JSON Is Refused
    [Tags]    PZ-13769
    ${answer} =    Send Raw View Request    channels=1&view_type=0    content type=application/x-www-form-urlencoded
    Should Be Equal As Integers    ${answer.status_code}    422
    Should Contain    ${answer.json()}[detail][0][msg]    valid dictionary
