*** Settings ***
Documentation     Load that grows up to all the views of a client, wide views, views of several clients, and the time
...               after. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq
Suite Teardown    Close Site

Test Tags         nightly    cluster    load    slow    exclusive    PZ-14088


*** Test Cases ***
Load That Grows To All Windows Of A Client Is Accepted
    Each Level Of Load Should Be Accepted    1    5    10    20    ${SITE_DATA.limits.max_windows}    at_least=90

Ten Wide Views Run At The Same Time
    ${burst} =    Ask For Views At Once    10    channels=1-200    nfft=2048
    Share Of Accepted Views Should Be At Least    ${burst}    80
    Share Of Running Views Should Be At Least    ${burst}    80

After A Burst Of Views The Site Serves As Before
    ${first} =    Ask For Views At Once    20
    Share Of Accepted Views Should Be At Least    ${first}    90
    Close Views    ${first}
    ${second} =    Ask For Views At Once    20
    Share Of Accepted Views Should Be At Least    ${second}    90
    Close Views    ${second}
    One View Should Be Answered Fast

Fifty Views Of Several Clients Are Open At The Same Time
    ${burst} =    Fill The Site    40    50
    Number Of Open Views Should Be At Least    ${burst}    50
    Views Should Not Be Idle Yet    ${burst}
    Share Of Running Views Should Be At Least    ${burst}    90
