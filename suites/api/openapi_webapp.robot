*** Settings ***
Documentation     The web app's own description of its operations is the contract.

Resource          focus.resource

Suite Setup       Open Site    webapp
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
The Web App Describes The Contract
    [Tags]    PZ-N1070
    Description Should Be The Contract    web app
