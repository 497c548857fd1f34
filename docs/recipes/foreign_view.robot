*** Settings ***
Documentation     A second client asks for the view of the first one.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    recipe

Name              Another client is kept out


*** Test Cases ***
A View Belongs To Who Opened It
    ${view} =    Open Live View    channels=1-3
    View Should Be Closed To    ${view}    another user
    Another Client Should Not Change    ${view}    another user
