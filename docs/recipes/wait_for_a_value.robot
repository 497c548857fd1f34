*** Settings ***
Documentation     Words that ask take an operator, a value and how long to wait: within= waits until it is so,
...               during= shows that it stays so. A test never sleeps.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Wait for a value instead of sleeping


*** Test Cases ***
A View Comes To Run
    ${view} =    Open Live View    channels=1-3
    Get Job Field    state    ==    Running    view=${view}    within=30 s
    Get Pod Field    restarts    ==    0    view=${view}    within=30 s
