*** Settings ***
Documentation     The cluster is asked until job, pod and service are gone, or the budget of the site is over.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    recipe

Name              A closed view leaves nothing


*** Test Cases ***
A Closed View Is Gone From The Cluster
    ${view} =    Open A Live View That Runs    channels=1-3
    Close View    ${view}
    Job Of View Should Be Removed    ${view}
