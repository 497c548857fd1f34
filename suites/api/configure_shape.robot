*** Settings ***
Documentation     Requests for a view that do not have the shape of one: the server answers 422 and names the field,
...               and only that one.

Resource          focus.resource
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
    channels.min
    channels.max
    view_type
    frequencyRange.min
    frequencyRange.max

A View Needs Its Channels
    [Tags]    PZ-13908
    [Template]    View Without Should Be Refused
    channels    view_type=MultiChannel
    channels    view_type=SingleChannel
    channels    view_type=Waterfall

A Waterfall View Needs Its Required Fields
    [Tags]    PZ-13430
    [Template]    View Without Should Be Refused
    displayInfo    view_type=Waterfall
    displayInfo.height    view_type=Waterfall
    channels.min    view_type=Waterfall
    channels.max    view_type=Waterfall
    view_type    view_type=Waterfall

A Spectrum Needs Its Frequency Range
    [Tags]    PZ-13910    smoke
    View Without Should Be Refused    frequencyRange    view_type=MultiChannel
    View Without Should Be Refused    frequencyRange    view_type=SingleChannel

A Spectrum Needs Its NFFT
    [Tags]    PZ-13911
    View Without Should Be Refused    nfftSelection    view_type=MultiChannel
    View Without Should Be Refused    nfftSelection    view_type=SingleChannel

A Spectrum Needs Its Display Time
    [Tags]    PZ-13912
    View Without Should Be Refused    displayTimeAxisDuration    view_type=MultiChannel
    View Without Should Be Refused    displayTimeAxisDuration    view_type=SingleChannel

Null Is No Frequency Range
    [Tags]    PZ-N304    smoke
    Null Should Be Refused    frequencyRange

Null Is No Value Of A Field That A View Needs
    [Tags]    PZ-N305
    [Template]    Null Should Be Refused
    displayTimeAxisDuration
    nfftSelection
    displayInfo
    displayInfo.height
    channels
    channels.min
    channels.max
    frequencyRange.min
    frequencyRange.max
    view_type

A Field Has Its Type
    [Tags]    PZ-14786    smoke
    [Template]    Wrong Types Should Be Refused
    displayTimeAxisDuration
    nfftSelection
    displayInfo
    displayInfo.height
    channels
    channels.min
    channels.max

Frequencies And Times Have Their Types
    [Tags]    PZ-14786
    [Template]    Wrong Types Should Be Refused
    frequencyRange
    frequencyRange.min
    frequencyRange.max
    start_time
    end_time

A View Type Is A Number
    [Tags]    PZ-13913    smoke
    [Template]    Wrong Types Should Be Refused
    view_type
    view_type    view_type=SingleChannel
    view_type    view_type=Waterfall

The Fields Of A Waterfall View Have Their Types
    [Tags]    PZ-14786
    [Template]    Wrong Types Should Be Refused
    displayInfo.height    view_type=Waterfall
    channels    view_type=Waterfall
    channels.min    view_type=Waterfall

A Waterfall View Has No Frequency Range And No Duration
    [Tags]    PZ-13428    smoke
    [Template]    Waterfall View With Should Be Refused
    frequencyRange    ${HALF THE SPECTRUM}
    frequencyRange    ${WHOLE SPECTRUM}
    displayTimeAxisDuration    ${10}
    displayTimeAxisDuration    ${0.5}

The NFFT Of A Waterfall View Is 1
    [Tags]    PZ-13429    smoke
    [Template]    Waterfall View With Should Be Refused
    nfftSelection    ${0}
    nfftSelection    ${2}
    nfftSelection    ${-1}
    nfftSelection    ${128}
    nfftSelection    ${1024}
