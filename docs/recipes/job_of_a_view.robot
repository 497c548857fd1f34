*** Settings ***
Documentation     Pods, jobs and services are asked for by the view that they belong to.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    recipe

Name              What the cluster runs for a view


*** Test Cases ***
A View Has One Job And One Service
    ${view} =    Open A Live View That Runs    channels=1-3
    Get Job Count    ==    1    view=${view}
    Get Service Count    ==    1    view=${view}
