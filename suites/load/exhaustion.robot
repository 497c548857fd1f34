*** Settings ***
Documentation     More views than the site carries: each is refused in words, and the site serves as before. Alone on
...               the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    performance    load    stress    slow    exclusive


*** Test Cases ***
Views Beyond The Windows Of A Client Are Refused, And Nothing Breaks
    [Documentation]    A client asks for its windows and half as many more; what is refused is refused with 429 or 503,
    ...    and within a minute after it all is removed.
    [Tags]    PZ-14807
    ${burst} =    Ask For Views At Once    45    users=1
    Every Refusal Should Be Clean    ${burst}
    Get Burst Figure    ${burst}    refused    >    0
    Close Views    ${burst}
    Server Should Answer As Before
