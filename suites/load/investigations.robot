*** Settings ***
Documentation     Investigations that are opened at the same time, and asked about together. Alone on the site.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    kubernetes    mongodb
Suite Teardown    Close Site

Test Tags         nightly    performance    load    slow    exclusive


*** Test Cases ***
Some Investigations Open Together
    [Tags]    PZ-N920
    [Template]    Investigations Should Open Together
    3
    5
    10

Five Investigations Open Within Ten Seconds Each
    [Documentation]    Together they take no longer than two and a half of them one after the other.
    [Tags]    PZ-N921
    ${burst} =    Ask For Views At Once    5
    Share Of Accepted Views Should Be At Least    ${burst}    100
    Get Burst Figure    ${burst}    mean    <    10 s
    Get Burst Figure    ${burst}    slowest    <    10 s

Each Number Of Investigations Up To Twenty Is Accepted
    [Tags]    PZ-N922
    Each Level Of Load Should Be Accepted    5    10    15    20    at_least=80

Investigations Share Neither Job Nor Port
    [Tags]    PZ-N923
    ${burst} =    Ask For Views At Once    5
    Get Burst Figure    ${burst}    jobs    ==    5
    Ports Should Be Apart    ${burst}

Requests Of Ten Investigations Are Under Way Together
    [Documentation]    The last is sent within a tenth of a second, before the first is answered as a rule.
    [Tags]    PZ-N924
    ${burst} =    Ask For Views At Once    10
    Get Burst Figure    ${burst}    spread    <    100 ms
    Get Burst Figure    ${burst}    success    ==    100 %

The Site Is Whole Before And After Investigations
    [Tags]    PZ-N925
    Every Workload Should Be Healthy
    Investigations Should Open Together    10
    Every Workload Should Be Healthy

Live And Historic Investigations Open Side By Side
    [Tags]    PZ-N926
    ${live} =    Ask For Views At Once    5
    ${historic} =    Ask For Views At Once    5    kind=historic
    Share Of Accepted Views Should Be At Least    ${live}    100
    Share Of Accepted Views Should Be At Least    ${historic}    100
    Share Of Running Views Should Be At Least    ${historic}    80

Fifteen Investigations Leave The Server As It Was
    [Tags]    PZ-N927
    ${burst} =    Ask For Views At Once    15
    Share Of Accepted Views Should Be At Least    ${burst}    90
    Server Should Answer As Before

Five Historic Investigations Open Together
    [Tags]    PZ-N928
    Investigations Should Open Together    5    historic
    Server Should Answer As Before
