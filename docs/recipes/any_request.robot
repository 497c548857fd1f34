*** Settings ***
Documentation     Ask Focus Server sends any request as the user of this lane; the answer is checked like every
...               other, against the contract of record too.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         requests    recipe

Name              Send a request that no word has


*** Test Cases ***
An Unknown Path Is Refused Cleanly
    ${answer} =    Ask Focus Server    GET    /no_such_route
    Answer Should Be A Clean Refusal    ${answer}
    Get Answer Status    ${answer}    ==    404
