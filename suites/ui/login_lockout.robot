*** Settings ***
Documentation     A name that is locked after wrong passwords, with a user whom no other test needs.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    who=nobody
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    exclusive    regression    nightly


*** Test Cases ***
The Form Says When A Name Is Locked
    [Tags]    PZ-N1105    slow
    Expect Page Error    401
    Expect Page Error    429
    Sign In Wrongly Until Refused    locked
    Sign In Should Be Refused    locked
