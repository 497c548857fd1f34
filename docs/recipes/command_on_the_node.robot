*** Settings ***
Documentation     By SSH, as an operator would; these words have a resource of their own.

Resource          focus.resource
Resource          node.resource

Suite Setup       Open Site    ssh
Suite Teardown    Close Site

Test Tags         cluster    recipe

Name              Run a command on the node


*** Test Cases ***
The Node Sees The Pods
    Log Into The Node
    Kubectl On The Node    get pods    contains    mongodb
    Log Out Of The Node
