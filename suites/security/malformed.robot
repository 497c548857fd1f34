*** Settings ***
Documentation     Values and bodies that no client of good will sends, in every field and to every operation that the
...               site describes. What is sent stands in variables/hostile.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    nightly    slow


*** Test Cases ***
Tricks With Unicode Are Refused
    [Tags]    PZ-14788
    Hostile Input Should Do No Harm    unicode    at_least=9

Numbers Beyond Every Range Are Refused
    [Tags]    PZ-N1005
    [Template]    Hostile Input Should Do No Harm
    numbers    at_least=16    service=rest
    numbers    at_least=16    service=webapp

Bodies That Are No JSON Are Refused
    [Tags]    PZ-13769
    [Template]    Hostile Input Should Do No Harm
    json    at_least=10
    encoding    at_least=7

Sizes Beyond What Is Sensible Are Refused
    [Tags]    PZ-N1006
    Hostile Input Should Do No Harm    size    at_least=3
