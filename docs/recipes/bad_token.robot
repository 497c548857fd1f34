*** Settings ***
Documentation     Each row is a token that both services have to refuse.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    recipe

Name              A token that is no good


*** Test Cases ***
Bad Tokens Are Refused
    [Template]    Token Should Be Refused
    unsigned
