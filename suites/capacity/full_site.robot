*** Settings ***
Documentation     As many views as the site carries, of several clients, and one more. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         nightly    cluster    load    stress    slow    exclusive    PZ-14088


*** Test Cases ***
The Site Carries Its Capacity, And Refuses One More
    ${burst} =    Fill The Site    5    10    20    30    40    50    100    ${SITE_DATA.limits.capacity}
    Number Of Open Views Should Be At Least    ${burst}    ${SITE_DATA.limits.capacity}
    Some Views Should Have Been Refused    ${burst}
    Every Refusal Should Be Clean    ${burst}

All Views That The Site Carries Are Asked For At Once
    ${before} =    List Jobs Of Views
    ${burst} =    Ask For Views At Once    ${SITE_DATA.limits.capacity}
    Every Refusal Should Be Clean    ${burst}
    Only Accepted Views Should Have Got Jobs    ${burst}    ${before}
    Close Views    ${burst}
    One View Should Be Answered Fast
