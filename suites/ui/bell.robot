*** Settings ***
Documentation     The bell, which rings for every alert of the site: nobody else may send one meanwhile.

Resource          focus.resource
Resource          ui.resource

Suite Setup       Open Site    ui    webapp
Suite Teardown    Close Site
Test Setup        Open Operator Page    map
Test Teardown     Close Operator Page

Test Tags         ui    requires:ui    exclusive    regression    nightly


*** Test Cases ***
The Bell Rings For A New Alert
    [Tags]    PZ-9315
    Turn Sound On
    Element Should Not Be Shown    ${UI.page.red_dot}
    Send Alert    SD    high    1250 m
    Bell Should Ring
    Click    ${UI.page.bell}
    Page Should Be Drawn    journal
    Element Should Not Be Shown    ${UI.page.red_dot}
