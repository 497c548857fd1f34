*** Settings ***
Documentation     Notes on an alert: in Hebrew and English, long, many, cancelled.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Details Of A New Alert
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    PZ-9327    regression    nightly


*** Test Cases ***
A Note In Hebrew And English Is Kept
    Write Note    גדר צפונית - north fence שער 7
    Get Shown Notes    ==    גדר צפונית - north fence שער 7    within=5 s
    Reload
    Get Shown Notes    ==    גדר צפונית - north fence שער 7    within=5 s

A Note Of 1100 Characters Is Kept
    Write Note    ${NOTE OF 1100 CHARACTERS}
    Reload
    Get Shown Notes    ==    ${NOTE OF 1100 CHARACTERS}    within=5 s

Thirty Notes Are Kept
    Write Notes    30
    Reload
    Number Of Notes Should Be    30

A Note That Is Cancelled Is Not Kept
    Fill Text    ${UI.details.new_note}    Never mind
    Click    ${UI.details.cancel_note}
    Get Property    ${UI.details.new_note}    value    ==    ${EMPTY}
    Reload
    Number Of Notes Should Be    0
