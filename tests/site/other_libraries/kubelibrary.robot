*** Settings ***
Documentation    robotframework-kubelibrary's reading keywords against the simulated cluster, as a stranger's suite would use them.

Library          Collections
Library          KubeLibrary    kube_config=${KUBECONFIG}


*** Test Cases ***
The Version And The Nodes Are Read
    ${data}    ${status}    ${headers} =    K8s Api Ping
    Should Be Equal As Integers    ${status}    200
    ${version} =    K8s Version
    Should Match Regexp    ${version}[gitVersion]    ^v1\\.
    ${healthy} =    Get Healthy Nodes Count
    Should Be Equal As Integers    ${healthy}    2
    Get Kubelet Version

Namespaces Are Listed
    ${namespaces} =    List Namespace
    ${names} =    Filter Names    ${namespaces}
    Should Contain    ${names}    ${NAMESPACE}

Every Kind Is Listed
    [Documentation]    Kinds of which the site has objects; the names of some of them are known.
    [Template]    Kind Should Be Listed With
    List Namespaced Pod By Pattern    mongodb
    List Namespaced Deployment By Pattern    .*focus-server
    List Namespaced Replica Set By Pattern    .*focus-server
    List Namespaced Stateful Set By Pattern    rabbitmq
    List Namespaced Service Account By Pattern    default
    List Namespaced Secret By Pattern    mongodb
    List Namespaced Persistent Volume Claim By Pattern    ${EMPTY}

Kinds Without An Object Answer An Empty List
    [Template]    Kind Should Have No Object
    List Namespaced Cron Job
    List Namespaced Daemon Set
    List Namespaced Horizontal Pod Autoscaler

Kinds Without A Pattern Are Listed
    [Template]    Kind Should Have Objects
    List Namespaced Service
    List Namespaced Ingress

Roles Are Listed
    ${roles} =    List Cluster Role
    Should Not Be Empty    ${roles}
    List Cluster Role Binding
    List Namespaced Role    ${NAMESPACE}
    List Namespaced Role Binding    ${NAMESPACE}

A Pod Is Read With Its Status And Its Log
    ${pods} =    List Namespaced Pod By Pattern    .*focus-server    ${NAMESPACE}
    ${names} =    Filter Names    ${pods}
    ${status} =    Read Namespaced Pod Status    ${names}[0]    ${NAMESPACE}
    Should Be Equal    ${status.phase}    Running
    ${log} =    Read Namespaced Pod Log    ${names}[0]    ${NAMESPACE}    ${pods[0].spec.containers[0].name}
    Should Not Be Empty    ${log}

A Command Runs In A Pod
    ${pods} =    List Namespaced Pod By Pattern    .*focus-server    ${NAMESPACE}
    ${names} =    Filter Names    ${pods}
    ${answer} =    Get Namespaced Pod Exec    ${names}[0]    ${NAMESPACE}    ${{['echo', 'שלום']}}
    Should Contain    ${answer}    שלום

A Service Account Comes And Goes
    ${body} =    Create Dictionary    apiVersion=v1    kind=ServiceAccount    metadata=${{{'name': 'stranger'}}}
    Create Namespaced Service Account    ${NAMESPACE}    ${body}
    ${accounts} =    List Namespaced Service Account By Pattern    ^stranger$    ${NAMESPACE}
    Length Should Be    ${accounts}    1
    Delete Namespaced Service Account    stranger    ${NAMESPACE}
    ${accounts} =    List Namespaced Service Account By Pattern    ^stranger$    ${NAMESPACE}
    Should Be Empty    ${accounts}


*** Keywords ***
Kind Should Be Listed With
    [Arguments]    ${keyword}    ${pattern}
    ${objects} =    Run Keyword    ${keyword}    ${pattern}    ${NAMESPACE}
    Should Not Be Empty    ${objects}

Kind Should Have Objects
    [Arguments]    ${keyword}
    ${objects} =    Run Keyword    ${keyword}    ${NAMESPACE}
    Should Not Be Empty    ${objects}

Kind Should Have No Object
    [Arguments]    ${keyword}
    ${objects} =    Run Keyword    ${keyword}    ${NAMESPACE}
    Should Be Empty    ${objects}
