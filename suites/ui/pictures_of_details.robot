*** Settings ***
Documentation     What the details of an alert look like, against pictures that a person has approved.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    analysis
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    regression    nightly


*** Test Cases ***
The Details Of An Alert With Notes
    [Tags]    PZ-N1130
    Show Details With Answers
    Picture Should Be Approved    details    of=${UI.details.sidebar}

The Analysis Of An Alert
    [Tags]    PZ-N1131
    Show Details With Answers
    Click    ${UI.details.analyse}
    Element Should Be Shown    ${UI.details.open_analysis}
    Picture Should Be Approved    analyse-alert    of=${UI.details.sidebar}
