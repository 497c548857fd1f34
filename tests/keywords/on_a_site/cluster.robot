*** Settings ***
Documentation     Keywords of the ClusterLibrary.

Library           own_site.py
Resource          infrastructure.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
The Cluster Is As Required
    Every Node Should Be Ready
    Every Workload Should Be Healthy
    Pods Of Workload Should Be Ready    rabbitmq

A Workload That The Site Does Not Have Is Not Understood
    [Documentation]    FAIL GLOB: *got value 'database' that cannot be converted to 'focus_server', *
    Pods Of Workload Should Be Ready    database
