*** Settings ***
Documentation     All services of the site at one glance: the log shows the state of each, a failure names all that
...               are in trouble.

Resource          focus.resource

Suite Setup       Open Site
Suite Teardown    Close Site

Test Tags         connectivity    smoke    regression    nightly    critical


*** Test Cases ***
Every Service Of The Site Answers
    [Tags]    PZ-13898
    Every Service Should Answer
