*** Settings ***
Documentation     Who does not carry a good access token is answered 401 by Focus Server and web app alike.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
Nothing Is Answered Without A Login
    [Tags]    PZ-14771    smoke    critical
    Token Should Be Refused    no

A Token That Is None Is Refused
    [Tags]    PZ-14772
    [Template]    Token Should Be Refused
    empty
    malformed
    cut

A Token That Was Changed Or Signed By Somebody Else Is Refused
    [Tags]    PZ-14772
    [Template]    Token Should Be Refused
    tampered
    foreign-signed

A Token Without A Signature Is Refused
    [Tags]    PZ-N985
    Token Should Be Refused    unsigned

A Token That Has Expired Is Refused
    [Tags]    PZ-14773
    Token Should Be Refused    expired

A Token For Renewing A Login Is No Access
    [Tags]    PZ-N986
    Token Should Be Refused    refresh

A Token Is Worth Nothing After The Logout
    [Tags]    PZ-N987
    Token Should Be Refused    logged-out
