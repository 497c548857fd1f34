*** Settings ***
Documentation     Texts that are meant to be run or looked up, in every field that the site describes. What is sent
...               stands in variables/hostile; a line there is sent from the next run on.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    nightly    slow


*** Test Cases ***
Queries Are Not Run
    [Tags]    PZ-14774
    [Template]    Hostile Input Should Do No Harm
    sql    at_least=5
    nosql    at_least=5
    ldap    at_least=3

Commands And Templates Are Not Run
    [Tags]    PZ-N1003
    [Template]    Hostile Input Should Do No Harm
    shell    at_least=5
    template    at_least=6

Scripts Do Not Come Back
    [Tags]    PZ-14775
    Hostile Input Should Do No Harm    script    at_least=4

Answers And Logs Get No Lines Of The Client
    [Tags]    PZ-N1004
    [Template]    Hostile Input Should Do No Harm
    header    at_least=3
    log_lines    at_least=3

Paths Lead Nowhere Else
    [Tags]    PZ-13572
    Hostile Input Should Do No Harm    path    at_least=6
