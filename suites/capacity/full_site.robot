*** Settings ***
Documentation     As many views as the site carries, of several clients, and one more. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         nightly    cluster    load    stress    slow    exclusive    PZ-14088


*** Test Cases ***
The Site Carries Its Capacity, And Refuses One More
    ${rush} =    Fill The Site    5    10    20    30    40    50    100    ${SITE_DATA.limits.capacity}
    At Least Should Be Open    ${rush}    ${SITE_DATA.limits.capacity}
    Some Views Should Have Been Refused    ${rush}
    Every Refusal Should Be Clean    ${rush}

All Views That The Site Carries Are Asked For At Once
    ${before} =    List Jobs Of Views
    ${rush} =    Ask For Views At Once    ${SITE_DATA.limits.capacity}
    Every Refusal Should Be Clean    ${rush}
    Only Accepted Views Should Have Got Jobs    ${rush}    ${before}
    Close Views    ${rush}
    One View Should Be Answered Fast
