*** Settings ***
Documentation     What a client could never send is sent as it stands; the server has to refuse it. These words have
...               a resource of their own.

Resource          focus.resource
Resource          raw_requests.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         requests    recipe

Name              Send a body that is no JSON


*** Test Cases ***
A Body That Is No JSON Is Refused
    Raw Body Should Be Refused    {"view_type": 0}    422    because=displayInfo
