*** Settings ***
Documentation     Requests, limits and use, in the units that people write.

Resource          focus.resource

Suite Setup       Open Site    kubernetes
Suite Teardown    Close Site

Test Tags         cluster    recipe

Name              Ask what a pod uses


*** Test Cases ***
MongoDB Has Room
    Get Resource Field    memory_percent    <    90 %    workload=mongodb    within=20 s
    Pods Of Workload Should Be Ready    mongodb
