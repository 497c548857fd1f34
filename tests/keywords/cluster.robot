*** Settings ***
Documentation    What is reported of a cluster that cannot be reached, by either way to it.

Library          GoneCluster.py
Resource         focus.resource


*** Test Cases ***
A Cluster That Does Not Answer Is Reported
    [Documentation]    FAIL GLOB: *The Kubernetes API of */kubeconfig does not answer (*); check that the cluster *
    Choose A Site Without Cluster    direct
    Open Site    kubernetes

A Node That Does Not Let Kubectl Run Is Reported
    [Documentation]    FAIL GLOB: *The node 127.0.0.1:* does not let 'operator' in (*); check that it runs *
    Choose A Site Without Cluster    kubectl_over_ssh
    Open Site    kubernetes
