*** Settings ***
Documentation     A path leads into the JSON of an answer; the operators are those of all words that ask.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         requests    recipe

Name              Ask for a member of an answer


*** Test Cases ***
The Highest Channel Is That Of The Site
    ${answer} =    Ask Focus Server    GET    /channels
    Get Answer Status    ${answer}    ==    200
    Get Answer Field    ${answer}    highest_channel    ==    ${SITE_DATA.limits.highest_channel}
