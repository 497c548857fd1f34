*** Settings ***
Documentation     How often a login may fail, shown with a user whom no other test needs.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
Repeated Bad Logins Lock A User For A Time
    [Tags]    PZ-N1000    slow
    Repeated Bad Logins Should Lock The User For A Time
