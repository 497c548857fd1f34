*** Settings ***
Documentation     What a view offers beside its waterfall: cursor, lines, cyclic mode, saved data.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    rest    grpc
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Cursor Says Channel Time And Level
    [Tags]    PZ-9045
    Open View With Rows
    Press In View    pause
    Press Keys In Waterfall    ArrowRight
    Text Of View Should Match    cursor    channel 12, .*level \\d+
    Press Keys In Waterfall    ArrowRight
    Text Of View Should Match    cursor    channel 13, .*level \\d+

The Keyboard Moves Through The Rows
    [Tags]    PZ-13199
    Open View With Rows
    Press In View    pause
    Press Keys In Waterfall    ArrowDown
    ${newer} =    Text Of View    cursor
    Press Keys In Waterfall    ArrowDown
    ${older} =    Text Of View    cursor
    Should Not Be Equal    ${newer}    ${older}

Lines Are Shown On Wish
    [Tags]    PZ-9047
    Open View With Rows
    Button Should Be Pressed    lines    false
    Press In View    lines
    Button Should Be Pressed    lines    true
    Part Of View Should Be Shown    grid

Cyclic Mode Writes Rows In A Circle
    [Tags]    PZ-9974
    Open View With Rows
    Press In View    cyclic
    Button Should Be Pressed    cyclic    true
    Waterfall Should Go On

Saved Data Are Loaded Again
    [Tags]    PZ-10894
    Open View With Rows
    Press In View    pause
    ${file} =    Save Data Of View
    ${pixels} =    Get Shown Pixels
    Load Data    ${file}
    Get Shown View State    ==    loaded    view=2    within=5 s
    Get Shown Pixels    ==    ${pixels}    view=2

A File That Holds No View Is Refused
    [Tags]    PZ-10902
    Load Data    ${EXECDIR}/README.md
    Page Should Say    no saved view
    Get Element Count    ${UI.analysis.views}    ==    0
