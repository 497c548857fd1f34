*** Settings ***
Documentation     The SSH node: kubectl and files.

Resource          focus.resource
Resource          node.resource

Suite Setup       Open Site    ssh
Suite Teardown    Close Site
Test Setup        Log Into The Node
Test Teardown     Log Out Of The Node

Test Tags         node    smoke    regression    nightly


*** Test Cases ***
Kubectl On The Node Sees Focus Server
    [Tags]    PZ-13900
    Node Should See Workload    ${SITE_DATA.workloads.focus_server}

A File Survives The Way To The Node And Back
    [Tags]    PZ-N110
    File Should Survive The Way To The Node And Back    Fibre 11-109, שלום
