*** Settings ***
Documentation     Keywords about the SSH node.

Library           own_site.py
Resource          node.resource

Suite Setup       Open Site    ssh    kubernetes
Suite Teardown    Close Site


*** Test Cases ***
Output That Is No Text Is Shown Byte By Byte
    Run On The Node    printf '\\377 ok'    ==    \\xff ok

Kubectl Needs No Login Before
    Kubectl On The Node    get services    contains    mongodb

What A Command Should Have Printed Is Named
    [Documentation]    FAIL 'echo one': 'one' (str) should be 'two' (str)
    Run On The Node    echo one    ==    two

A Command That Ends With An Error Is Reported
    [Documentation]    FAIL GLOB: 'cat /no/such/file': it ended with 1 on the node: *No such file*
    Run On The Node    cat /no/such/file

What A Command Prints Is Awaited
    ${name} =    New Name On The Node
    Run On The Node    sh -c 'echo line >> ${name}; grep -c line ${name}'    ==    3    within=10 s
    [Teardown]    Run On The Node    rm -f ${name}

Words Of The Cluster Come With Those Of The Node
    Node Should See Workload    ${SITE_DATA.workloads.mongodb}
    Get Pod Count    >=    1    workload=mongodb    state=Running
