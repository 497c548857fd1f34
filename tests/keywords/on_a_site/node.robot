*** Settings ***
Documentation     Keywords about the SSH node.

Library           own_site.py
Resource          focus.resource
Resource          node.resource

Suite Setup       Open Site    ssh
Suite Teardown    Close Site


*** Test Cases ***
Output That Is No Text Is Shown Byte By Byte
    Log Into The Node
    ${printed} =    Run On The Node    printf '\\377 ok'
    Should Be Equal    ${printed}    \\xff ok
    [Teardown]    Log Out Of The Node
