*** Settings ***
Documentation     Templates of views: saved, refused, changed, deleted, and kept on one station.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
A Template Is Saved And Used
    [Tags]    PZ-8697
    Save Template    North fence    channels=21-60    nfft=512
    Leave Form
    Reload
    Press Template    use    North fence
    Field Of Form Should Be    first    21
    Field Of Form Should Be    last    60
    Field Of Form Should Be    nfft    512

Two Templates Of One Name Are Refused
    [Tags]    PZ-9240
    Save Template    North fence
    Leave Form
    Save Template    North fence
    Template Should Be Refused    North fence

A Template Is Deleted
    [Tags]    PZ-10815
    Save Template    North fence
    Leave Form
    Own Templates Should Be    North fence
    Press Template    delete    North fence
    Reload
    Own Templates Should Be

A Template Is Renamed And Changed
    [Tags]    PZ-10814
    Save Template    North fence    channels=21-60
    Leave Form
    Press Template    edit    North fence
    Change Template    South fence    31    70
    Own Templates Should Be    South fence
    Press Template    use    South fence
    Field Of Form Should Be    first    31

A Template Is Duplicated
    [Tags]    PZ-10816
    Save Template    North fence    channels=21-60
    Leave Form
    Press Template    duplicate    North fence
    Reload
    Own Templates Should Be    North fence    North fence (2)

Templates Stay On Their Station
    [Tags]    PZ-9251
    Save Template    North fence
    Leave Form
    Own Templates Should Be    North fence
    Open Operator Page    analysis
    Own Templates Should Be
